/**
 * Any of the optimizers as a `tf.Optimizer`, for `model.compile({ optimizer })` and `optimizer.minimize(...)`. The state lives
 * in typed arrays, whichever backend computes the gradients; it is made at the first step, for the variables seen then.
 */
import { Optimizer as TfOptimizer, scalar, serialization, tensor1d, tidy, type NamedTensorMap, type Scalar, type Variable } from '@tensorflow/tfjs-core';
import type { LiveSettings, Settings } from '../settings/knobs';
import type { Optimizer as OptimizerName } from '../settings/optimizers';
import { resolveOptimizerSettings, type OptimizerSettings } from '../settings/optimizerSettings';
import type { Shaped } from '../settings/parameterSpace';
import type { StateBytes } from '../settings/stateBytes';
import { checkChange } from '../settings/validate';
import { resolveGroups, type SelectingGroup } from './groupPredicates';
import { createOptimizer, type Optimizer, type OptimizerOptions } from './optimizer';
import { decodeState, encodeState } from './stateFile';
import { packBytes, unpackBytes } from './stateTensor';
import { settingsFromConfig, toConfig } from './tfConfig';
import { assign, gatherGradients, namedGradients, trainable, valuesOf, type NamedGradients, type NamedTensor } from './tfVariables';

/** Settings that differ from the optimizer's defaults; groups may pick tensors by a function. */
export type TfOptimizerSettings = Partial<Omit<OptimizerSettings, 'groups'>> & { readonly groups?: readonly SelectingGroup[] };

export function asTfOptimizer(optimizer: OptimizerName, settings: TfOptimizerSettings = {}, options: OptimizerOptions = {}): EfcpOptimizer {
  return new EfcpOptimizer(optimizer, settings, options);
}

interface Bound {
  readonly optimizer: Optimizer;
  /** The parameters in order, under the names of their variables. */
  readonly tensors: readonly Shaped[];
  /** Whether they were found in saved weights, and no variables have been seen for them yet. */
  readonly isRestored: boolean;
}

export class EfcpOptimizer extends TfOptimizer {
  private settings: Settings;
  private readonly groups: readonly SelectingGroup[];
  private bound: Bound | undefined;

  constructor(optimizer: OptimizerName, { groups = [], ...settings }: TfOptimizerSettings = {}, private readonly options: OptimizerOptions = {}) {
    super();
    this.groups = groups;
    this.settings = resolveOptimizerSettings(optimizer, { ...settings, groups: resolveGroups(groups, []) });
  }

  static get className(): string {
    return 'EfcpOptimizer';
  }

  /** Takes one step; a variable without a gradient has one of zeros. Throws NonFiniteGradientError, with nothing changed, where one is not finite. */
  override applyGradients(given: NamedTensorMap | NamedTensor[]): void {
    const gradients = namedGradients(given);
    const { optimizer, tensors } = this.bind(gradients);
    gatherGradients(gradients, tensors, optimizer.gradient);
    const parameters = valuesOf(tensors);
    optimizer.update(optimizer.gradient, parameters, this.iterations + 1);
    assign(parameters);
    this.incrementIterations();
  }

  /** As in the base class, but gradients are disposed of also when they are refused. */
  override minimize(f: () => Scalar, returnCost = false, varList?: Variable[]): Scalar | null {
    const cost = tidy(() => super.minimize(f, returnCost, varList) ?? []);
    return Array.isArray(cost) ? null : cost;
  }

  /** Changes settings between two steps, the state's history kept. */
  change(change: Partial<LiveSettings>): void {
    const checked = checkChange(change, this.settings);
    this.bound?.optimizer.change(checked);
    this.settings = { ...this.settings, ...checked };
  }

  /** Bytes of every part of the state; none before the first step. */
  stateBytes(): StateBytes {
    return this.bound?.optimizer.stateBytes() ?? {};
  }

  /** The steps taken and, after the first, the state as the bytes of a state file. */
  override getWeights(): Promise<NamedTensor[]> {
    const iterations = { name: 'iter', tensor: scalar(this.iterations, 'int32') };
    if (this.bound === undefined) return Promise.resolve([iterations]);
    return Promise.resolve([iterations, { name: 'efcp/state', tensor: tensor1d(packBytes(encodeState(this.bound.optimizer.save(this.iterations))), 'int32') }]);
  }

  /** Throws InputError, with nothing changed, where the weights are of another optimizer, other settings or another model. */
  override async setWeights([iterations, state, ...more]: NamedTensor[]): Promise<void> {
    if (iterations === undefined || more.length > 0) throw new Error(`EfcpOptimizer takes the two weights that getWeights() gives, but got ${iterations === undefined ? 0 : 2 + more.length}. Pass what another EfcpOptimizer gave.`);
    if (state === undefined) {
      this.bound = undefined;
      this.iterations_ = (await iterations.tensor.data())[0] ?? 0;
      return;
    }
    const saved = decodeState(unpackBytes(await state.tensor.data<'int32'>()));
    const bound = this.bound ?? { ...this.create(saved.tensors), isRestored: true };
    // The same model loaded a second time has variables of other names, so that those held here stand for the saved ones.
    const sameShapes = shapesOf(saved.tensors) === shapesOf(bound.tensors);
    this.iterations_ = bound.optimizer.restore(sameShapes ? { ...saved, tensors: bound.tensors } : saved);
    this.bound = bound;
  }

  override getConfig(): serialization.ConfigDict {
    return toConfig(this.settings, this.bound === undefined ? this.groups : this.settings.groups);
  }

  static override fromConfig<T extends serialization.Serializable>(cls: serialization.SerializableConstructor<T>, config: serialization.ConfigDict): T {
    const { optimizer, ...settings } = settingsFromConfig(config);
    return new cls(optimizer, settings);
  }

  override dispose(): void {
    this.bound = undefined;
  }

  private bind(gradients: NamedGradients): Bound {
    const variables = trainable(gradients);
    if (this.bound === undefined) return this.bound = { ...this.create(variables), isRestored: false };
    if (this.bound.isRestored) return this.bound = { ...this.bound, tensors: claim(this.bound.tensors, variables), isRestored: false };
    const known = new Set(this.bound.tensors.map(({ name }) => name));
    const late = variables.find(({ name }) => !known.has(name));
    if (late === undefined) return this.bound;
    throw new Error(`The variable "${late.name}" has a gradient at step ${this.iterations + 1}, but was not among the ${known.size} of the first step, for which the state was made. Name all variables from the first step on, for example as minimize(f, returnCost, varList), or use an optimizer of its own.`);
  }

  private create(tensors: readonly Shaped[]): { optimizer: Optimizer; tensors: readonly Shaped[] } {
    const settings = { ...this.settings, groups: resolveGroups(this.groups, tensors) };
    const optimizer = createOptimizer(settings, tensors, this.options);
    this.settings = settings;
    return { optimizer, tensors };
  }
}

serialization.registerClass(EfcpOptimizer);

/** The variables that restored tensors belong to: those of the same names, else those of the same shapes in the same order. */
function claim(restored: readonly Shaped[], variables: readonly Shaped[]): readonly Shaped[] {
  const named = restored.flatMap(({ name }) => variables.filter(variable => variable.name === name));
  const claimed = named.length === variables.length ? named : variables;
  if (shapesOf(claimed) === shapesOf(restored)) return claimed;
  throw new Error(`The restored state is of tensors of shapes ${shapesOf(restored)}, but the gradients are of ${shapesOf(variables)}. Train the model that the state was saved with, all its variables from the first step on.`);
}

function shapesOf(tensors: readonly Shaped[]): string {
  return JSON.stringify(tensors.map(({ shape }) => shape));
}
