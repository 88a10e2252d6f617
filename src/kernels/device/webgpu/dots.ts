/**
 * Dot products of the rows of a window with one vector, in fixed point (see fixedPoint.ts):
 *   dot[r] = sum_i row[r, i] / power[r] * vector[i] / power
 * Each workgroup sums a stretch of one row, at most 4,096 products of less than 4, so the unit of 2^-46 leaves room. The sums
 * of stretches come out as parts of 16 and 24 bits, each exact in float32, for the host to add up in float64.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { RowFormat } from '../rowFormat';
import { fixedPoint } from './fixedPoint';
import { compute } from './program';
import { entryReaders, formatName, runTable } from './sparseEntries';

const stretch = 4096;
const lanes = 256;

/** `body` adds the products of entries `begin` to `to` of `row`, with step `lanes`, to `sum`. */
const shader = (declarations: string, body: string) => `
${fixedPoint}
${declarations}
var<workgroup> sums : array<vec2<u32>, ${lanes}>;

fn main(index : i32) {
  let lane = index % ${lanes};
  let stretches = (uniforms.kept + ${stretch - 1}) / ${stretch};
  let row = index / ${lanes} / stretches;
  let begin = (index / ${lanes} % stretches) * ${stretch};
  var sum = vec2<u32>(0u, 0u);
  if (row < uniforms.count) {
    let base = i32((bitcast<u32>(powers[row]) >> 23u) + (bitcast<u32>(power[0]) >> 23u));
    let to = min(begin + ${stretch}, uniforms.kept);
    ${body}
  }
  sums[lane] = sum;
  for (var width = ${lanes / 2}; width > 0; width = width / 2) {
    workgroupBarrier();
    if (lane < width) { sums[lane] = plus(sums[lane], sums[lane + width]); }
  }
  if (lane == 0 && row < uniforms.count) {
    let total = sums[0];
    let isNegative = (total.y >> 31u) == 1u;
    let magnitude = select(total, negate(total), isNegative);
    let sign = select(1.0, -1.0, isNegative);
    let at = index / ${lanes} * 3;
    result[at] = sign * f32(magnitude.y >> 16u) * 4.0;
    result[at + 1] = sign * f32(((magnitude.y & 0xffffu) << 8u) | (magnitude.x >> 24u)) * ${2 ** -22};
    result[at + 2] = sign * f32(magnitude.x & 0xffffffu) * ${2 ** -46};
  }
}`;

const sparseBody = `
    var run = runOf(begin + lane, keptBefore);
    for (var at = begin + lane; at < to; at = at + ${lanes}) {
      while (run + 1 < uniforms.runCount && ofRun(run + 1, keptBefore) <= at) { run = run + 1; }
      sum = plus(sum, product(valueAt(row, at), bitcast<u32>(dense[indexAt(row, at, run)]), base));
    }`;

const denseBody = `
    for (var at = begin + lane; at < to; at = at + ${lanes}) {
      sum = plus(sum, product(bitcast<u32>(values[row * uniforms.kept + at]), bitcast<u32>(dense[at]), base));
    }`;

export interface DotsOptions { readonly count: number; readonly kept: number }

/** values, indices [m, k] as `format` has them, powers [m], dense [d], power [1]; [count, parts]. */
export function sparseDots(backend: unknown, inputs: Readonly<Record<'values' | 'indices' | 'powers' | 'dense' | 'power' | 'runs', TensorInfo>>, { count, kept, runCount, format }: DotsOptions & { runCount: number; format: RowFormat }): TensorInfo {
  const { values, indices, powers, dense, power, runs } = inputs;
  return dots(backend, `sparse dots ${formatName(format)}`, shader(runTable + entryReaders(format), sparseBody), { values, indices, powers, dense, power, runs }, { count, kept, runCount });
}

/** values [m, d], powers [m], dense [d], power [1]; [count, parts]. */
export function denseDots(backend: unknown, inputs: Readonly<Record<'values' | 'powers' | 'dense' | 'power', TensorInfo>>, options: DotsOptions): TensorInfo {
  const { values, powers, dense, power } = inputs;
  return dots(backend, 'dense dots', shader('', denseBody), { values, powers, dense, power }, { count: options.count, kept: options.kept });
}

function dots(backend: unknown, name: string, code: string, inputs: Record<string, TensorInfo>, integers: Record<string, number> & DotsOptions): TensorInfo {
  const stretches = Math.ceil(integers.kept / stretch);
  return compute(backend, { name, code, inputs, integers, workgroups: integers.count * stretches, lanes }, [integers.count, 3 * stretches], 'float32');
}
