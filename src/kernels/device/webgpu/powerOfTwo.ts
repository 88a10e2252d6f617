/**
 * The largest power of two that is not above the largest magnitude of a vector: what its entries are divided by before they
 * are multiplied. 0 where no entry reaches 2^-126, infinity where one is NaN or infinite. Found in the bits, by which a
 * shader may not mistake NaN for a number; each workgroup reads a stretch, until one is left.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { compute, free } from './program';

const lanes = 256;
const stretch = 16 * lanes;

const code = `
var<workgroup> largest : atomic<u32>;

fn main(index : i32) {
  let lane = index % ${lanes};
  let begin = index / ${lanes} * ${stretch};
  var own = 0u;
  for (var at = begin + lane; at < min(begin + ${stretch}, uniforms.length); at = at + ${lanes}) {
    own = max(own, bitcast<u32>(x[at]) & 0x7fffffffu);
  }
  atomicMax(&largest, own);
  workgroupBarrier();
  if (lane == 0 && begin < uniforms.length) {
    let bits = atomicLoad(&largest) & u32(uniforms.mask);
    result[index / ${lanes}] = [RESULT];
  }
}`;

const exponent = 0x7f800000;

export function powerOfTwo(backend: unknown, { x }: Readonly<Record<'x', TensorInfo>>): TensorInfo {
  let part = x;
  for (;;) {
    const length = part.shape.reduce((product, side) => product * side, 1);
    const groups = Math.max(1, Math.ceil(length / stretch));
    const isLast = groups === 1;
    const next = compute(backend, {
      name: isLast ? 'power of two' : 'largest magnitude', code: code.replace('[RESULT]', isLast ? 'bitcast<f32>(bits)' : 'i32(bits)'),
      inputs: { x: part }, integers: { length, mask: isLast ? exponent : 0x7fffffff }, workgroups: groups, lanes,
    }, [groups], isLast ? 'float32' : 'int32');
    if (part !== x) free(backend, part);
    if (isLast) return next;
    part = next;
  }
}
