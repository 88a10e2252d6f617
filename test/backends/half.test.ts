/**
 * Storage in two bytes on every backend, by the definition: each half has the value that its bits say; a float32 becomes the nearest half,
 * of two equally near the even one. Rounding is monotonous, so every half, every midpoint and its two neighbours settle all others.
 */
import assert from 'node:assert/strict';
import { cast, memory, tensor, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { halfFormats, packHalf, unpackHalf, type HalfFormat } from '../../src/backends/halfKernels';
import { testedBackends } from '../support/backendSuite';
import { use } from './trajectory';

/** Bits below those of infinity; without the sign. */
const infinity = { float16: 0x7c00, bfloat16: 0x7f80 } as const;

function valueOf(half: number, format: HalfFormat): number {
  const [fractionBits, bias] = format === 'float16' ? [10, 15] : [7, 127];
  const size = half & 0x7fff;
  const fraction = size & (1 << fractionBits) - 1;
  const exponent = size >>> fractionBits;
  const sign = half > 0x7fff ? -1 : 1;
  if (size >= infinity[format]) return size === infinity[format] ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias - fractionBits) : (2 ** fractionBits + fraction) * 2 ** (exponent - bias - fractionBits));
}

const all = Array.from({ length: 0x10000 }, (_, half) => half);
const isNumber = (half: number, format: HalfFormat) => (half & 0x7fff) <= infinity[format];

async function packed(values: Float32Array, format: HalfFormat): Promise<Uint16Array> {
  const x = tensor1d(values);
  const result = packHalf(x, format);
  const halves = new Uint16Array(Int32Array.from(await result.data()).buffer, 0, values.length);
  x.dispose();
  result.dispose();
  return halves;
}

/** One float32 nearer to zero, or farther from it. */
function neighbour(values: Float32Array, step: 1 | -1): Float32Array {
  return new Float32Array(Uint32Array.from(new Uint32Array(values.buffer), bits => bits + step).buffer);
}

function assertHalves(actual: Uint16Array, expected: readonly number[], values: Float32Array): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) if (actual[i] !== expected[i]) assert.fail(`${values[i]} became ${actual[i]?.toString(16)}, not ${expected[i]?.toString(16)}`);
}

describe('backends: storage in two bytes', () => {
  for (const backend of testedBackends()) for (const format of halfFormats) describe(`${format} on ${backend}`, () => {
    before(() => use(backend));

    it('every half has its value', async () => {
      const halves = tensor1d(new Int32Array(Uint16Array.from(all).buffer), 'int32');
      const values = await unpackHalf(halves, format, [256, 256]).data();
      assert.deepEqual(Array.from(values), all.map(half => valueOf(half, format)));
    });

    it('numbers that were cast to float32 are packed as they are', async () => {
      for (const from of [tensor1d([true, false, true], 'bool'), tensor1d([-2, 0, 7], 'int32')]) {
        const x = cast(from, 'float32');
        assert.deepEqual([...await unpackHalf(packHalf(x, format), format, [3]).data()], [...await x.data()]);
      }
    });

    it('every half is kept, and its sign', async () => {
      const numbers = all.filter(half => isNumber(half, format));
      const values = Float32Array.from(numbers, half => valueOf(half, format));
      assertHalves(await packed(values, format), numbers, values);
    });

    it('what lies between two goes to the nearest, the middle to the even one', async () => {
      const lower = all.filter(half => (half & 0x7fff) < infinity[format]);
      // Beyond the largest number, infinity stands where the next would be.
      const next = (half: number) => (half & 0x7fff) + 1 === infinity[format] ? 2 * valueOf(half, format) - valueOf(half - 1, format) : valueOf(half + 1, format);
      const middles = Float32Array.from(lower, half => (valueOf(half, format) + next(half)) / 2);
      assertHalves(await packed(middles, format), lower.map(half => half + (half & 1)), middles);
      for (const [step, up] of [[-1, 0], [1, 1]] as const) {
        const beside = neighbour(middles, step);
        assertHalves(await packed(beside, format), lower.map(half => half + up), beside);
      }
    });

    it('what is beyond all is infinite, what is below all is zero, NaN stays NaN', async () => {
      const [large, small] = format === 'float16' ? [[65520, 1e5, 3e38, Infinity], [2 ** -25, 1e-10, 1e-45, 0]] : [[3.4e38, Infinity], [2 ** -134, 1e-45, 0]];
      const values = Float32Array.from([...large, ...small].flatMap(value => [value, -value]));
      assertHalves(await packed(values, format), [...large.map(() => infinity[format]), ...small.map(() => 0)].flatMap(half => [half, half | 0x8000]), values);
      const none = new Float32Array(Uint32Array.of(0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0x7f801fff, 0xffff0000).buffer);
      for (const half of await packed(none, format)) assert.ok(Number.isNaN(valueOf(half, format)), half.toString(16));
    });

    it('any bits at all go to the nearest half', async () => {
      let state = 1;
      const values = new Float32Array(Uint32Array.from({ length: 99_991 }, () => state = Math.imul(state, 1664525) + 1013904223 >>> 0).buffer);
      const distance = (value: number, half: number) => Math.abs(value - valueOf(half, format));
      (await packed(values, format)).forEach((half, i) => {
        const value = values[i]!;
        if (Number.isNaN(value)) assert.ok(!isNumber(half, format));
        else if ((half & 0x7fff) === infinity[format]) assert.ok(Math.abs(value) > valueOf(infinity[format] - 1, format));
        else for (const other of [half - 1, half + 1].filter(each => isNumber(each, format) && each >>> 15 === half >>> 15)) assert.ok(distance(value, half) <= distance(value, other), `${value}: ${half.toString(16)}`);
      });
    });

    it('any number of values, none among them, takes two bytes each and keeps its shape', async () => {
      const { numTensors, numDataBuffers } = memory();
      for (let size = 0; size < 36; size++) {
        const x = tensor(Float32Array.from({ length: size }, (_, i) => i - 7), [1, size, 1]);
        const halves = packHalf(x, format);
        assert.deepEqual([halves.shape, halves.dtype], [[Math.ceil(size / 2)], 'int32']);
        if (size % 2 === 1) assert.equal((await halves.data()).at(-1)! >>> 16, 0, 'the place left over is zero');
        const back = unpackHalf(halves, format, [1, size, 1]);
        assert.deepEqual([back.shape, back.dtype, Array.from(await back.data())], [x.shape, 'float32', Array.from(await x.data())]);
        for (const each of [x, halves, back]) each.dispose();
      }
      assert.deepEqual([memory().numTensors, memory().numDataBuffers], [numTensors, numDataBuffers]);
    });
  });

  it('refuses other types, and a shape that does not fit', async () => {
    await use('cpu');
    assert.throws(() => packHalf(zeros([3], 'int32'), 'float16'), /Only float32 can be stored as float16, but this tensor is int32/);
    assert.throws(() => unpackHalf(zeros([3], 'int32'), 'bfloat16', [2, 2]), /\[2,2\] as bfloat16 takes 2 elements of int32, but the packed tensor has 3 of int32/);
  });
});
