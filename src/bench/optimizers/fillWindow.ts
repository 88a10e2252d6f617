/** Brings an optimizer to where its window is full: by real steps where they are few, else by filling it directly. */
import type { SparseCompute } from '../../kernels/sparseCompute';
import type { Optimizer } from '../../optimizers/optimizer';
import type { LowRankRows } from '../../optimizers/preconditioners/lowRankWindow';
import type { DenseRows } from '../../optimizers/preconditioners/denseWindow';
import type { ParameterView } from '../../optimizers/transformation';
import type { Settings } from '../../settings/knobs';
import { isAmong, windowed } from '../../settings/optimizers';
import { denseOriginals, fillSignedRows, lowRankOriginals } from './fillSignedRows';
import { fillSparseRows, sparseGram } from './fillSparseWindow';
import type { GradientSource } from './gradients';
import type { Breathe } from './stopwatch';
import { isFactors, isSparse, isSparseRow, keptRowIn, windowStateIn } from './windowedState';

/** So few steps are simply taken. */
const fewSteps = 16;

/** Resolves to the number of steps that count as taken. */
export async function fillWindow(
  optimizer: Optimizer, parameters: readonly ParameterView[], settings: Settings, compute: SparseCompute, gradients: GradientSource, breathe: Breathe,
): Promise<number> {
  if (!isAmong(windowed, settings.optimizer)) return 0;
  const held = windowStateIn(optimizer.state);
  const row = keptRowIn(optimizer.state);
  if (held === undefined || settings.window <= fewSteps) return takeSteps(optimizer, parameters, settings.window, gradients, breathe);
  if (isSparse(held.rows) && isSparseRow(row)) {
    await fillSparseRows(held.rows, compute, row, gradients, breathe);
    await sparseGram(held.rows, compute, row, held.gram, breathe);
  } else {
    const originals = isFactors(row) ? lowRankOriginals(held.rows as LowRankRows, row, settings, gradients) : denseOriginals(held.rows as DenseRows, gradients);
    await fillSignedRows(held.size, originals, held.gram, breathe);
  }
  held.filled = held.size;
  return settings.window;
}

async function takeSteps(optimizer: Optimizer, parameters: readonly ParameterView[], steps: number, gradients: GradientSource, breathe: Breathe): Promise<number> {
  for (let step = 1; step <= steps; step++) {
    gradients.write(step, optimizer.gradient);
    optimizer.update(optimizer.gradient, parameters, step);
    await breathe();
  }
  return steps;
}
