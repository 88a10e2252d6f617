/**
 * MicroAdam's scaling (arXiv 2405.15593, algorithm 1): Adam whose moments are not kept but summed anew at every step over a
 * window of the last m gradients, compressed by block Top-K with error feedback.
 *
 *   z1 = sum_r beta1^age_r row r,   z2 = sum_r beta2^age_r (row r)^2,   age 0 being the row just inserted
 *   u = (1 - beta1) z1 / (1 - beta1^t) / (sqrt((1 - beta2) z2 / (1 - beta2^t)) + epsilon)
 *
 * As published, the bias correction counts all steps t, though the sums reach back only m of them: up to step m this is Adam.
 * The compression comes before it in the chain. Holds the window, m k (value + index), and 16 m bytes of scratch.
 */
import { scaleByWindowMoments, type MomentFactors } from '../kernels/windowMoments';
import type { SparseRows } from '../kernels/panelLayout';
import type { SparseCompute } from '../kernels/sparseCompute';
import type { TopKSettings } from './compressors/topK';
import { advance, newestSlots, type Ring } from './preconditioners/ring';
import { sparseWindow } from './preconditioners/sparseWindow';
import type { Transformation } from './transformation';

/** A ring of m rows. */
export type MicroAdamState = Ring & { readonly rows: SparseRows; readonly scratch: MomentFactors };

/** Read at every use. */
export interface MicroAdamSettings extends TopKSettings {
  readonly window: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export function scaleByMicroAdam(settings: () => MicroAdamSettings, compute: SparseCompute): Transformation<MicroAdamState> {
  const window = sparseWindow(settings, compute);
  const scratchFor = (size: number) => ({ first: new Float64Array(size), second: new Float64Array(size) });
  return {
    name: 'microAdam',
    init: space => {
      const size = settings().window;
      return { rows: window.init(space, size), scratch: scratchFor(size), size, filled: 0, cursor: 0 };
    },
    update: (updates, state, _parameters, step) => {
      const { beta1, beta2, epsilon } = settings();
      const slot = advance(state);
      window.write(state.rows, slot, updates);
      setFactors(state.scratch.first, state, slot, beta1, step);
      setFactors(state.scratch.second, state, slot, beta2, step);
      scaleByWindowMoments(state.rows, state.scratch, state.filled, epsilon, updates.dense);
      updates.kept = undefined;
    },
    remap: (state, space) => {
      const size = settings().window;
      if (size === state.size && window.fits(state.rows, space)) return state;
      const slots = newestSlots(state, size);
      return { rows: window.remap(state.rows, space, size, slots), scratch: scratchFor(size), size, filled: slots.length, cursor: slots.length % size };
    },
  };
}

/** factors[r] = beta^age (1 - beta) / (1 - beta^t) */
function setFactors(factors: Float64Array, { size, filled }: Ring, slot: number, beta: number, step: number): void {
  const scale = (1 - beta) / (1 - beta ** step);
  for (let row = 0; row < filled; row++) factors[row] = scale * beta ** ((slot - row + size) % size);
}
