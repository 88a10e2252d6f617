/** An optimizer for a training loop: a recipe with its state, and live settings that can change between two steps. */
import { typedArrays } from '../kernels/typedArrays';
import type { SparseCompute } from '../kernels/sparseCompute';
import { isUsedBy, knob, type LiveSettings, type Settings } from '../settings/knobs';
import { parameterSpace, type Shaped } from '../settings/parameterSpace';
import { stateBytes, totalBytes, type StateBytes } from '../settings/stateBytes';
import { clip } from './clip';
import { descend, tensorSettingsOf } from './descend';
import { resolveGroups, type SelectingGroup } from './groupPredicates';
import { nonFinite } from './nonFiniteGradient';
import { recipes } from './recipes';
import { restoreState, saveState, type SavedState } from './savedState';
import { checkSchedule, learningRateAt } from './schedule';
import { weighState, type StateTree } from './stateTree';
import type { ParameterView } from './transformation';

export interface Optimizer {
  /** Room for a gradient [d] that every thread of the optimizer reaches; using another costs a copy. */
  readonly gradient: Float32Array;
  /**
   * Takes one step: `gradient` [d] is overwritten with the updates, which are also added to the parameters. `step` counts
   * from 1. A gradient that is not finite throws NonFiniteGradientError and changes nothing.
   */
  update(gradient: Float32Array, parameters: readonly ParameterView[], step: number, observe?: UpdateObserver): void;
  /** Applies live settings now, reshaping the state where they ask for it, history kept. When it throws, nothing has changed. */
  change(settings: Partial<LiveSettings>): void;
  /** Bytes of every part of the state, summed over the arrays that are really held. */
  stateBytes(): StateBytes;
  /** A copy of the state after `step` steps, with the settings as they are now. */
  save(step: number): SavedState;
  /** Goes on from a saved state, bit for bit; returns its step. Throws InputError, with nothing changed, where it is another optimizer's. */
  restore(saved: SavedState): number;
  readonly state: StateTree;
}

/** Sees the updates u [d] as the chain leaves them, clipped, before the learning rate and weight decay make a step of them. */
export type UpdateObserver = (updates: Float32Array) => void;

export interface OptimizerOptions {
  /** Who computes, and where the state lives; plain typed arrays where nothing is said. */
  readonly compute?: SparseCompute;
  /** How many steps the schedules of the learning rate span. */
  readonly totalSteps?: number;
}

/** Settings whose groups may also pick tensors by a function. */
export type OptimizerInput = Omit<Settings, 'groups'> & { readonly groups: readonly SelectingGroup[] };

export function createOptimizer(settings: OptimizerInput, parameters: readonly Shaped[], { compute = typedArrays, totalSteps }: OptimizerOptions = {}): Optimizer {
  const live: Settings = { ...settings, groups: resolveGroups(settings.groups, parameters) };
  checkSchedule(live, totalSteps);
  const space = parameterSpace(parameters);
  const { dimension } = space;
  const tensors = tensorSettingsOf(live.groups, space);
  const recipe = recipes[settings.optimizer](live, compute);
  const allocated = <Result>(make: () => Result) => allocate(live, dimension, () => totalBytes(stateBytes(live, space)), make);
  let state = allocated(() => recipe.init(space));
  return {
    gradient: compute.createVector(dimension),
    get state() { return state; },
    update: (gradient, views, step, observe) => {
      checkLengths(gradient, views, dimension);
      if (!compute.isFinite(gradient)) throw nonFinite(gradient, views, step, remedyFor(live));
      if (live.clipTarget === 'gradient') clip(gradient, live);
      recipe.update({ dense: gradient, kept: undefined }, state, views, step);
      if (live.clipTarget === 'update') clip(gradient, live);
      observe?.(gradient);
      descend(compute, gradient, views, tensors, learningRateAt(live, step, totalSteps), live.weightDecay);
    },
    change: changed => {
      const before = { ...live };
      Object.assign(live, changed);
      try {
        checkSchedule(live, totalSteps);
        state = allocated(() => recipe.remap?.(state, space) ?? state);
      } catch (error) {
        Object.assign(live, before);
        throw error;
      }
      if (Object.keys(changed).some(name => knob(name as keyof LiveSettings).applies === 'remapState')) compute.reclaim?.();
    },
    stateBytes: () => weighState(state),
    save: step => saveState(state, { settings: live, tensors: space.tensors }, step),
    restore: saved => {
      restoreState(saved, state, { settings: live, tensors: space.tensors });
      return saved.step;
    },
  };
}

function checkLengths(gradient: Float32Array, parameters: readonly ParameterView[], dimension: number): void {
  const given = parameters.reduce((sum, { values }) => sum + values.length, 0);
  if (gradient.length === dimension && given === dimension) return;
  throw new RangeError(`The optimizer was made for ${dimension} parameters, but got a gradient of ${gradient.length} entries and ${given} parameters. Pass all of both, in the same order.`);
}

export function remedyFor({ optimizer, learningRate, damping }: Settings): string {
  const raise = isUsedBy('damping', optimizer) ? `, or raise damping (now ${damping})` : '';
  return `Lower learningRate (now ${learningRate})${raise}.`;
}

/** Says what could not be allocated, and which setting would make it smaller. */
function allocate<Result>(settings: Settings, dimension: number, bytes: () => number, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { optimizer } = settings;
    const smaller = (['density', 'rank', 'window'] as const).filter(name => isUsedBy(name, optimizer)).map(name => `${name} (now ${settings[name]})`).join(' or ');
    const remedy = smaller === '' ? 'Train a smaller model.' : `Lower ${smaller}.`;
    throw new RangeError(`The state of ${optimizer} for ${dimension} parameters is ${bytes()} bytes, which could not be allocated. ${remedy}`, { cause: error });
  }
}
