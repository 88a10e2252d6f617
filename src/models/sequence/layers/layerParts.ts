/** What the layers of sequences have in common: their inputs as a list, their weights as steps know them, and initialisers in their configuration. */
import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import { initializers, type layers, type LayerVariable as Variable } from '@tensorflow/tfjs-layers';
import type { LayerVariable } from '../../layersModel/layersInternals';
import type { PlainStep, WeightedStep } from '../../layersModel/step';
import type { Operation } from '../../model';
import type { WeightedOperation } from '../../operations/onWeights';

export type Initializer = NonNullable<Parameters<layers.Layer['addWeight']>[3]>;
export type Shape = (number | null)[];

/** As an initialiser, or as a configuration has it. */
export type InitializerOption = Initializer | { readonly className: string; readonly config: serialization.ConfigDict };

export function listOf<Item>(inputs: Item | Item[]): Item[] {
  return Array.isArray(inputs) ? inputs : [inputs];
}

/** Of the first of a layer's inputs. */
export function firstShape(shapes: Shape | Shape[]): Shape {
  return Array.isArray(shapes[0]) ? shapes[0] : shapes as Shape;
}

/** The layer's weight, once it is built. */
export function built(layer: string, weight: Variable | undefined): Variable {
  if (weight === undefined) throw new Error(`The layer ${layer} has no weights yet: apply it to an input first.`);
  return weight;
}

export function weightedStep(weight: Variable, operation: () => WeightedOperation): WeightedStep {
  return { kind: 'weighted', weights: [weight as unknown as LayerVariable], statistics: [], relu: false, takesRelu: false, operation };
}

export function plainStep(operation: Operation): PlainStep {
  return { kind: 'plain', operation, isRelu: false };
}

export function readInitializer(option: InitializerOption | undefined): Initializer {
  if (option === undefined) return initializers.glorotUniform({});
  if (option instanceof serialization.Serializable) return option;
  const entry = serialization.SerializationMap.getMap().classNameMap[option.className];
  if (entry === undefined) throw new Error(`There is no initializer ${option.className}. Use one of tf.initializers.`);
  const [constructor, fromConfig] = entry;
  const made: unknown = fromConfig(constructor, option.config);
  return made as Initializer;
}

export function writeInitializer(initializer: Initializer): serialization.ConfigDict {
  return { className: initializer.getClassName(), config: initializer.getConfig() };
}

export function isTraining(options: { readonly training?: boolean }): boolean {
  return options.training === true;
}

/** Throws for a value that is no count of at least one. */
export function checkCount(layer: string, option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new Error(`The layer ${layer} has ${option} ${value}; it takes a whole number from 1 on.`);
}

export function checkRate(layer: string, option: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new Error(`The layer ${layer} has ${option} ${value}; it takes a number from 0 to less than 1.`);
}

/** The width of a layer's input, which `heads` must divide. */
export function widthOf(layer: string, shape: Shape, heads = 1): number {
  const width = shape.at(-1);
  if (shape.length !== 3 || typeof width !== 'number') throw new Error(`The layer ${layer} takes sequences of vectors [batch, length, width]; it was applied to the shape [${shape.map(length => length ?? 'any').join(', ')}].`);
  if (width % heads !== 0) throw new Error(`The layer ${layer} has ${heads} heads, which do not divide the width ${width}. Take a number of heads that does.`);
  return width;
}

export type Tensors = Tensor | Tensor[];
