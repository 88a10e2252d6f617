/**
 * What we use of tfjs-layers beyond its public types: the graph of layers, their options and weights. One file, so that an upgrade of
 * the pinned 4.22.0 has one place to check. Users write layers with x.mul(y) and the like, so tensors get these methods here.
 */
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { serialization, type DataType, type Tensor } from '@tensorflow/tfjs-core';
import { layers, type LayersModel } from '@tensorflow/tfjs-layers';

export interface SymbolicTensor {
  readonly id: number;
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: DataType;
  readonly sourceLayer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly callArgs: Readonly<Record<string, unknown>> | null;
  readonly outputTensorIndex?: number;
  readonly nodeIndex: number;
}

export interface LayerVariable {
  readonly originalName: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  read(): Tensor;
  write(value: Tensor): unknown;
}

type MaskOf = (inputs: readonly Tensor[], masks: readonly (Tensor | null)[]) => Tensor | readonly (Tensor | null)[] | null;

export interface Layer {
  readonly name: string;
  readonly supportsMasking: boolean;
  readonly stateful: boolean;
  readonly weights: readonly LayerVariable[];
  readonly losses: readonly (() => Tensor)[];
  readonly inboundNodes: readonly unknown[];
  getClassName(): string;
  call(inputs: readonly Tensor[], options: Readonly<Record<string, unknown>>): Tensor | readonly Tensor[];
  readonly computeMask: MaskOf;
}

/** A model, in its own right or as a layer of another. */
export interface Container extends Layer {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly layers: readonly Layer[];
  readonly containerNodes: ReadonlySet<string>;
  readonly trainableWeights: readonly LayerVariable[];
}

/** Of a model that was compiled. */
export interface Compiled {
  readonly loss?: unknown;
  readonly lossFunctions?: readonly ((labels: Tensor, output: Tensor) => Tensor)[];
  /** Made by its name, and of no use to us. */
  readonly isOptimizerOwned?: boolean;
  readonly optimizer_?: { dispose(): void };
}

/** A Sequential model holds, once it is built, the model that does its work. */
interface Sequential {
  readonly model?: unknown;
  build(): void;
}

export function internals(model: LayersModel): Container & Compiled {
  const given = model as unknown as Container & Compiled & Sequential;
  if (given.getClassName() !== 'Sequential') return given;
  if (given.model == null) given.build();
  return given.model as Container & Compiled;
}

export function isContainer(layer: Layer): layer is Container {
  return 'containerNodes' in layer;
}

/** Taken when tfjs-layers has registered its own classes and before anybody registers more. */
const stockClasses: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(serialization.SerializationMap.getMap().classNameMap).map(([name, [constructor]]) => [name, constructor]));

/** The name of its class where that is one of tfjs-layers' own, and not one derived from it or named like it. */
export function stockClassOf(layer: object & { getClassName(): string }): string | undefined {
  const name = layer.getClassName();
  return stockClasses[name] === layer.constructor ? name : undefined;
}

/** Whether a layer makes masks of its own, rather than handing on the one it is given. */
export function makesMasks(layer: Layer): boolean {
  return layer.supportsMasking && layer.computeMask !== (layers.Layer.prototype as unknown as Layer).computeMask;
}

/** The rules by which tfjs-layers counts a layer's regularisation: once for each use of the layer in the model. */
export function usesOf(container: Container, layer: Layer): number {
  return layer.inboundNodes.filter((_, index) => container.containerNodes.has(`${layer.name}_ib-${index}`)).length;
}
