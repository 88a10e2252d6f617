/** The plain version of an optimizer, where there is one, and the window that it takes over from the optimizer. */
import { fromBfloat16 } from '../../../kernels/bfloat16';
import { copyRow } from '../../../kernels/rowStorage';
import type { SparseRow, SparseRows } from '../../../kernels/panelLayout';
import type { DenseRows } from '../../../optimizers/preconditioners/denseWindow';
import type { WindowState } from '../../../optimizers/preconditioners/preconditionByWindow';
import type { Settings } from '../../../settings/knobs';
import type { Optimizer } from '../../../settings/optimizers';
import { isSparse } from '../windowedState';
import { plainAdam } from './plainAdam';
import { plainDenseRows } from './plainDenseRows';
import { plainInverse } from './plainInverse';
import { plainInverseRoot } from './plainInverseRoot';
import { plainWindow, type PlainOptimizer, type PlainRule } from './plainOptimizer';
import { plainSparseRows, type PlainSparseRows } from './plainSparseRows';

type Filled = WindowState<unknown, unknown>;
type Make = (settings: Settings, dimension: number, from: Filled | undefined) => PlainOptimizer;

const inverse = ({ damping }: Settings) => plainInverse(damping);
const inverseRoot = ({ epsilon }: Settings) => plainInverseRoot(epsilon);

const makers: Partial<Record<Optimizer, Make>> = {
  'dense-mfac': denseWith(inverse), 'ggt': denseWith(inverseRoot), 'sparse-mfac': sparseWith(inverse), 'sparse-ggt': sparseWith(inverseRoot),
  'adamw': (settings, dimension) => plainAdam({ ...settings, dimension }),
};

/** Bytes that the plain version holds, undefined where there is none. */
export function plainBytes({ optimizer, window, density }: Settings, dimension: number): number | undefined {
  if (makers[optimizer] === undefined) return undefined;
  if (optimizer === 'adamw') return 8 * dimension;
  return 4 * dimension + 8 * window * window + (optimizer.startsWith('sparse') ? 8 * dimension + 8 * window * Math.ceil(density * dimension) : 4 * window * dimension);
}

/** Starts with the rows and the gram of `from`, else with none. */
export function plainFor(settings: Settings, dimension: number, from?: Filled): PlainOptimizer | undefined {
  return makers[settings.optimizer]?.(settings, dimension, from);
}

function denseWith(rule: (settings: Settings) => PlainRule): Make {
  return (settings, dimension, from) => {
    const rows = plainDenseRows(settings.window, dimension);
    const window = plainWindow(rows, rule(settings), settings.window, dimension, settings.learningRate);
    if (from !== undefined) {
      rows.values.set((from.rows as DenseRows).windowValues);
      takeOver(window, from);
    }
    return window;
  };
}

function sparseWith(rule: (settings: Settings) => PlainRule): Make {
  return (settings, dimension, from) => {
    const rows = plainSparseRows({ ...settings, size: settings.window, dimension });
    const window = plainWindow(rows, rule(settings), settings.window, dimension, settings.learningRate);
    if (from !== undefined && isSparse(from.rows)) {
      for (let slot = 0; slot < from.filled; slot++) takeRow(from.rows, slot, rows);
      takeOver(window, from);
    }
    return window;
  };
}

function takeOver(window: ReturnType<typeof plainWindow>, { gram, filled, cursor }: Filled): void {
  window.gram.set(gram);
  window.resume(filled, cursor);
}

/** Positions in the whole vector in place of those within a panel. */
function takeRow(rows: SparseRows, slot: number, { kept, values, positions }: PlainSparseRows): void {
  const narrow = rows.shards[0]?.windowValues instanceof Uint16Array;
  const row: SparseRow = { layout: rows.layout, values: narrow ? new Uint16Array(kept) : new Float32Array(kept), indices: new Uint32Array(kept) };
  copyRow(rows, slot, row);
  for (let at = 0; at < kept; at++) values[slot * kept + at] = narrow ? fromBfloat16(row.values[at] ?? 0) : row.values[at] ?? 0;
  for (const { start, before, kept: inPanel } of rows.layout.panels) {
    for (let at = before; at < before + inPanel; at++) positions[slot * kept + at] = start + (row.indices[at] ?? 0);
  }
}
