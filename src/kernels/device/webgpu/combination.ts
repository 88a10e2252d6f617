/**
 * Linear combinations of the rows of a window, in fixed point (see fixedPoint.ts):
 *   vector[i] = scale * sum_r weight[r] * row[r, i] / power[r],   the sum of all |weight[r]| being at most 2
 * so that no sum leaves (-4, 4) and the unit can be 2^-60. A weight is the sum of two float32 numbers. Rows that are nearly
 * dependent get large weights of opposite sign, which is why float32 sums would not do.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { tileLength } from '../blockLayout';
import type { RowFormat } from '../rowFormat';
import { fixedPoint } from './fixedPoint';
import { compute } from './program';
import { entryReaders, formatName, runTable } from './sparseEntries';

const lanes = 128;

const weighting = `
${fixedPoint}
// An entry of "row", given by its bits, times the row's weight.
fn weighted(row : i32, value : u32) -> vec2<u32> {
  let base = i32(bitcast<u32>(powers[row]) >> 23u) + 113;
  var sum = vec2<u32>(0u, 0u);
  for (var part = 2 * row; part < 2 * row + 2; part = part + 1) { sum = plus(sum, product(bitcast<u32>(weights[part]), value, base)); }
  return sum;
}

fn toNumber(total : vec2<u32>) -> f32 {
  let isNegative = (total.y >> 31u) == 1u;
  let magnitude = select(total, negate(total), isNegative);
  let number = (f32(magnitude.y) * 4294967296.0 + f32(magnitude.x)) * ${2 ** -60} * uniforms.scale;
  return select(number, -number, isNegative);
}
`;

/**
 * A workgroup holds the sums of one tile. Each lane walks the entries of whole rows that fall into it; lanes meet at the same
 * parameter, so low words are added atomically, and who sees one overflow carries.
 */
const sparseCode = (format: RowFormat) => `
${weighting}
${runTable}
${entryReaders(format)}
var<workgroup> lows : array<atomic<u32>, ${tileLength}>;
var<workgroup> highs : array<atomic<u32>, ${tileLength}>;

// The first entry of a block, which has entries "begin" to "to" of "row", whose index is at least "wanted".
fn firstFrom(row : i32, run : i32, begin : i32, to : i32, wanted : i32) -> i32 {
  var low = begin;
  var high = to;
  while (low < high) {
    let middle = (low + high) / 2;
    if (indexAt(row, middle, run) < wanted) { low = middle + 1; } else { high = middle; }
  }
  return low;
}

fn main(index : i32) {
  let lane = index % ${lanes};
  let tile = min(index / ${lanes}, uniforms.tiles - 1);
  let run = runOf(tile, tilesBefore);
  let runStart = ofRun(run, start);
  let first = runStart + (tile - ofRun(run, tilesBefore)) * ${tileLength};
  let last = min(first + ${tileLength}, runStart + ofRun(run, length));
  var runEnd = uniforms.kept;
  if (run + 1 < uniforms.runCount) { runEnd = ofRun(run + 1, keptBefore); }
  let block = (first - runStart) / ofRun(run, blockSize);
  let begin = ofRun(run, keptBefore) + block * ofRun(run, keptPerBlock);
  let to = min(begin + ofRun(run, keptPerBlock), runEnd);
  let isWithin = first > runStart + block * ofRun(run, blockSize);
  for (var row = lane; row < uniforms.count; row = row + ${lanes}) {
    var at = begin;
    if (isWithin) { at = firstFrom(row, run, begin, to, first); }
    for (; at < runEnd; at = at + 1) {
      let parameter = indexAt(row, at, run);
      if (parameter >= last) { break; }
      let term = weighted(row, valueAt(row, at));
      let before = atomicAdd(&lows[parameter - first], term.x);
      let carry = select(0u, 1u, before + term.x < before);
      if (term.y + carry != 0u) { atomicAdd(&highs[parameter - first], term.y + carry); }
    }
  }
  workgroupBarrier();
  for (var parameter = first + lane; parameter < last; parameter = parameter + ${lanes}) {
    result[parameter] = toNumber(vec2<u32>(atomicLoad(&lows[parameter - first]), atomicLoad(&highs[parameter - first])));
  }
}`;

const denseCode = `
${weighting}
fn main(index : i32) {
  if (index >= uniforms.outShape) { return; }
  var sum = vec2<u32>(0u, 0u);
  for (var row = 0; row < uniforms.count; row = row + 1) {
    sum = plus(sum, weighted(row, bitcast<u32>(values[row * uniforms.outShape + index])));
  }
  result[index] = toNumber(sum);
}`;

export interface CombinationOptions { readonly dimension: number; readonly count: number; readonly scale: number }

/** values, indices [m, k] as `format` has them, powers [m], weights [count, 2]; [d]. */
export function sparseCombination(backend: unknown, inputs: Readonly<Record<'values' | 'indices' | 'powers' | 'weights' | 'runs', TensorInfo>>, options: CombinationOptions & { kept: number; runCount: number; tiles: number; format: RowFormat }): TensorInfo {
  const { values, indices, powers, weights, runs } = inputs;
  const { dimension, count, kept, runCount, tiles, scale, format } = options;
  return compute(backend, {
    name: `sparse combination ${formatName(format)}`, code: sparseCode(format), inputs: { values, indices, powers, weights, runs },
    integers: { count, kept, runCount, tiles }, floats: { scale }, workgroups: tiles, lanes,
  }, [dimension], 'float32');
}

/** values [m, d], powers [m], weights [count, 2]; [d]. */
export function denseCombination(backend: unknown, inputs: Readonly<Record<'values' | 'powers' | 'weights', TensorInfo>>, { dimension, count, scale }: CombinationOptions): TensorInfo {
  const { values, powers, weights } = inputs;
  return compute(backend, {
    name: 'dense combination', code: denseCode, inputs: { values, powers, weights },
    integers: { count }, floats: { scale }, workgroups: Math.ceil(dimension / lanes), lanes,
  }, [dimension], 'float32');
}
