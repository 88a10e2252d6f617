/** An optimizer for a training loop: a recipe with its state, and live settings that can change between two steps. */
import { isUsedBy, type LiveSettings, type Settings } from '../settings/knobs';
import { stateBytes, totalBytes, type StateBytes } from '../settings/stateBytes';
import { refuseNonFinite } from './nonFiniteGradient';
import { recipes } from './recipes';
import { weighState, type StateTree } from './stateTree';
import type { ParameterView } from './transformation';

export interface Optimizer {
  /**
   * Takes one step: `gradient` [d] is overwritten with the updates, which are also added to the parameters. `step` counts
   * from 1. A gradient that is not finite throws NonFiniteGradientError and changes nothing.
   */
  update(gradient: Float32Array, parameters: readonly ParameterView[], step: number): void;
  /** Applies live settings now, reshaping the state where they ask for it, history kept. When it throws, nothing has changed. */
  change(settings: Partial<LiveSettings>): void;
  /** Bytes of every part of the state, summed over the arrays that are really held. */
  stateBytes(): StateBytes;
  readonly state: StateTree;
}

export function createOptimizer(settings: Settings, dimension: number): Optimizer {
  const live = { ...settings };
  const recipe = recipes[settings.optimizer](live);
  let state = allocate(live, dimension, () => recipe.init(dimension));
  return {
    get state() { return state; },
    update: (gradient, parameters, step) => {
      checkLengths(gradient, parameters, dimension);
      refuseNonFinite(gradient, parameters, step, () => remedyFor(live));
      recipe.update({ dense: gradient, kept: undefined }, state, parameters, step);
      addTo(parameters, gradient);
    },
    change: changed => {
      const before = { ...live };
      Object.assign(live, changed);
      try {
        state = allocate(live, dimension, () => recipe.remap?.(state, dimension) ?? state);
      } catch (error) {
        Object.assign(live, before);
        throw error;
      }
    },
    stateBytes: () => weighState(state),
  };
}

function checkLengths(gradient: Float32Array, parameters: readonly ParameterView[], dimension: number): void {
  const given = parameters.reduce((sum, { values }) => sum + values.length, 0);
  if (gradient.length === dimension && given === dimension) return;
  throw new RangeError(`The optimizer was made for ${dimension} parameters, but got a gradient of ${gradient.length} entries and ${given} parameters. Pass all of both, in the same order.`);
}

function addTo(parameters: readonly ParameterView[], updates: Float32Array): void {
  let start = 0;
  for (const { values } of parameters) {
    for (let at = 0; at < values.length; at++) values[at] = (values[at] ?? 0) + (updates[start + at] ?? 0);
    start += values.length;
  }
}

function remedyFor({ optimizer, learningRate, damping }: Settings): string {
  const raise = isUsedBy('damping', optimizer) ? `, or raise damping (now ${damping})` : '';
  return `Lower learningRate (now ${learningRate})${raise}.`;
}

/** Says what could not be allocated, and which setting would make it smaller. */
function allocate<Result>(settings: Settings, dimension: number, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { optimizer, window, density } = settings;
    const smaller = [
      ...(isUsedBy('density', optimizer) ? [`density (now ${density})`] : []),
      ...(isUsedBy('window', optimizer) ? [`window (now ${window})`] : []),
    ].join(' or ');
    const remedy = smaller === '' ? 'Train a smaller model.' : `Lower ${smaller}.`;
    throw new RangeError(`The state of ${optimizer} for ${dimension} parameters is ${totalBytes(stateBytes(settings, dimension))} bytes, which could not be allocated. ${remedy}`, { cause: error });
  }
}
