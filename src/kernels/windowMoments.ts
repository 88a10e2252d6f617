/**
 * Adam's scaling by moments that are sums over the rows of a sparse window (MicroAdam, arXiv 2405.15593, algorithm 1):
 *
 *   z1 = sum_r a_r row r,   z2 = sum_r b_r (row r)^2,   vector = z1 / (sqrt(z2) + epsilon)
 *
 * Both sums are formed in float64 tile by tile, so that neither ever exists in full and no square overflows.
 * Holds two tiles of 32 KiB, whatever the length of the vector.
 */
import { fromBfloat16 } from './bfloat16';
import { forEachPanel, type Indices, type SparseRows, type Values } from './panelLayout';
import { saturate } from './saturate';
import { firstAtOrAfter } from './sparseCombination';

/** How much each row counts in the first and in the second moment. */
export type MomentFactors = {
  readonly first: Float64Array; // [m]
  readonly second: Float64Array; // [m]
};

const tileLength = 4096;
const firstMoment = new Float64Array(tileLength);
const secondMoment = new Float64Array(tileLength);

/** Of the first `count` rows; overwrites `vector` [d], which is zero where no row has an entry. */
export function scaleByWindowMoments(rows: SparseRows, factors: MomentFactors, count: number, epsilon: number, vector: Float32Array): void {
  forEachPanel(rows, ({ start, length, kept }, { windowValues, windowIndices }, offset) => {
    for (let low = 0; low < length; low += tileLength) {
      const high = Math.min(low + tileLength, length);
      firstMoment.fill(0, 0, high - low);
      secondMoment.fill(0, 0, high - low);
      for (let row = 0; row < count; row++) {
        const from = offset + row * kept;
        const at = low === 0 ? from : firstAtOrAfter(windowIndices, from, from + kept, low);
        addRow(windowValues, windowIndices, at, from + kept, low, high, factors.first[row] ?? 0, factors.second[row] ?? 0);
      }
      writeScaled(vector, start + low, high - low, epsilon);
    }
  });
}

/** The entries from `from` on, which has an index of at least `low`, up to index `high`. */
function addRow(values: Values, indices: Indices, from: number, to: number, low: number, high: number, first: number, second: number): void {
  const narrow = values instanceof Uint16Array;
  for (let at = from; at < to; at++) {
    const place = (indices[at] ?? 0) - low;
    if (place >= high - low) return;
    const value = narrow ? fromBfloat16(values[at] ?? 0) : values[at] ?? 0;
    firstMoment[place] = (firstMoment[place] ?? 0) + first * value;
    secondMoment[place] = (secondMoment[place] ?? 0) + second * value * value;
  }
}

/** A first moment without a second, which betas far apart can leave, is only divided by epsilon: the quotient may leave float32. */
function writeScaled(vector: Float32Array, start: number, length: number, epsilon: number): void {
  for (let at = 0; at < length; at++) {
    const first = firstMoment[at] ?? 0;
    vector[start + at] = first === 0 ? 0 : saturate(first / (Math.sqrt(secondMoment[at] ?? 0) + epsilon));
  }
}
