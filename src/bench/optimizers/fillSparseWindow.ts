/**
 * Fills a sparse window as if its optimizer had long been at work, without the minutes that would take. The Top-K of gradients
 * is computed as ever. Where the vector is long, a few of them must do: each row of the window is one of these with its panels
 * in another order and with other signs, so that no two rows have the same support or the same direction. The gram is that of
 * the rows, by the same dot products as in a step. Nothing about a row makes it faster or slower to go through than a real one.
 */
import { copyRow, writeRow } from '../../kernels/rowStorage';
import type { Panel, SparseRow, SparseRows } from '../../kernels/panelLayout';
import type { SparseCompute } from '../../kernels/sparseCompute';
import { random, type Random } from '../random';
import type { GradientSource } from './gradients';
import type { Breathe } from './stopwatch';

/** A vector of so many panels is long; so many Top-K rows are then computed. */
const manyPanels = 64;
const fewRows = 16;

export async function fillSparseRows(rows: SparseRows, compute: SparseCompute, row: SparseRow, gradients: GradientSource, breathe: Breathe): Promise<void> {
  const vector = compute.createVector(rows.layout.dimension);
  const originals: SparseRow[] = [];
  while (originals.length < (row.layout.panels.length < manyPanels ? rows.size : Math.min(fewRows, rows.size))) {
    gradients.write(originals.length, vector);
    compute.topK(vector, row);
    originals.push({ layout: row.layout, values: row.values.slice(), indices: row.indices.slice() });
    await breathe();
  }
  const source = random(2);
  for (let slot = 0; slot < rows.size; slot++) {
    const original = originals[slot % originals.length];
    if (original !== undefined) writeRow(rows, slot, shuffled(original, row, source));
    if (slot % 64 === 63) await breathe();
  }
}

/** Panels of the same form change places; signs change panel by panel. */
function shuffled(original: SparseRow, target: SparseRow, source: Random): SparseRow {
  const { panels } = target.layout;
  const turn = source.below(2 ** 30);
  const [first] = panels;
  const alike = first === undefined ? 0 : panels.findLastIndex(panel => sameForm(panel, first)) + 1;
  panels.forEach((panel, index) => {
    const from = index < alike && first !== undefined ? panels[(index + turn) % alike] ?? panel : panel;
    copyPanel(original, sameForm(from, panel) ? from.before : panel.before, target, panel, source.uniform() < 0.5);
  });
  return target;
}

function sameForm(a: Panel, b: Panel): boolean {
  return a.length === b.length && a.kept === b.kept && a.blockSize === b.blockSize;
}

function copyPanel(original: SparseRow, from: number, target: SparseRow, { before, kept }: Panel, isNegated: boolean): void {
  const narrow = original.values instanceof Uint16Array;
  for (let at = 0; at < kept; at++) {
    const value = original.values[from + at] ?? 0;
    target.values[before + at] = !isNegated ? value : narrow ? value ^ 0x8000 : -value;
    target.indices[before + at] = original.indices[from + at] ?? 0;
  }
}

/** The gram of all rows, one after the other by the dot products of a step. */
export async function sparseGram(rows: SparseRows, compute: SparseCompute, row: SparseRow, gram: Float64Array, breathe: Breathe): Promise<void> {
  const { size } = rows;
  const dots = new Float64Array(size);
  for (let slot = 0; slot < size; slot++) {
    copyRow(rows, slot, row);
    compute.dots(rows, row, slot + 1, dots);
    for (let other = 0; other <= slot; other++) gram[slot * size + other] = gram[other * size + slot] = dots[other] ?? 0;
    if (slot % 8 === 7) await breathe();
  }
}
