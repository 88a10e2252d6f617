import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromBfloat16 } from '../../../src/kernels/bfloat16';
import { addQuantized, quantize, type Quantized } from '../../../src/kernels/quantization';
import { largestFloat } from '../../../src/kernels/saturate';
import { normalVector } from './randomVector';

const largestHalf = fromBfloat16(0x7f7f);

function room(bits: 8 | 4, length: number, blockLength = 1024): Quantized {
  return { bits, length, blockLength, codes: new Uint8Array(Math.ceil(length * bits / 8)), ranges: new Uint16Array(2 * Math.ceil(length / blockLength)) };
}

function quantized(entries: ArrayLike<number>, bits: 8 | 4, blockLength?: number): Quantized {
  const result = room(bits, entries.length, blockLength);
  quantize(Float32Array.from(entries), 0, entries.length, result);
  return result;
}

function decoded(codes: Quantized): Float32Array {
  const vector = new Float32Array(codes.length);
  addQuantized(codes, 0, codes.length, vector);
  return vector;
}

/** The extremes of the block that entry `at` lies in, and the step between two values there. */
function blockOf({ ranges, blockLength, bits }: Quantized, at: number) {
  const [min, max] = [0, 1].map(end => fromBfloat16(ranges[2 * Math.floor(at / blockLength) + end]!)) as [number, number];
  return { min, max, unit: (max - min) / (2 ** bits - 1) };
}

/** The code of every entry, one by one. */
function codesOf({ bits, codes, length }: Quantized): number[] {
  return Array.from({ length }, (_, at) => bits === 8 ? codes[at]! : at % 2 === 0 ? codes[at / 2]! >> 4 : codes[(at - 1) / 2]! % 16);
}

const awkward = fc.constantFrom(0, -0, 1e-45, -1e-45, 1e-40, 1.2e-38, 1, -1, 0.5, 3e38, -3e38, largestFloat, -largestFloat).map(Math.fround);
const anyFloat = fc.oneof(awkward, fc.float({ noNaN: true, noDefaultInfinity: true }));
const ofOneSize = fc.float({ noNaN: true, min: -1, max: 1 });
const entries = fc.oneof(fc.array(anyFloat, { minLength: 1, maxLength: 70 }), fc.array(ofOneSize, { minLength: 1, maxLength: 70 }));
const block = fc.constantFrom(2, 16, 64, 1024);

for (const bits of [8, 4] as const) {
  describe(`quantisation to ${bits} bits`, () => {
    it('is at most half a step off, for any numbers; only beyond the largest bfloat16 does it saturate', () => {
      fc.assert(fc.property(entries, block, (values, blockLength) => {
        const codes = quantized(values, bits, blockLength);
        decoded(codes).forEach((value, at) => {
          const wanted = Math.max(-largestHalf, Math.min(largestHalf, values[at]!));
          assert.ok(Math.abs(value - wanted) <= blockOf(codes, at).unit / 2 * (1 + 1e-9) + Math.abs(value) * 2 ** -24 + 1e-45, `${values[at]} became ${value}`);
        });
      }), { numRuns: 1000 });
    });

    it('the extremes are zero or just outside the values, and contain them', () => {
      fc.assert(fc.property(entries, block, (values, blockLength) => {
        const codes = quantized(values, bits, blockLength);
        for (let start = 0; start < values.length; start += blockLength) {
          const ofBlock = values.slice(start, start + blockLength);
          const { min, max } = blockOf(codes, start);
          const [least, most] = [Math.min(0, ...ofBlock), Math.max(0, ...ofBlock)];
          assert.ok(min <= Math.max(least, -largestHalf) && max >= Math.min(most, largestHalf));
          assert.ok(min >= least * (1 + 2 ** -7) - 1e-40 && max <= most * (1 + 2 ** -7) + 1e-40);
        }
      }), { numRuns: 500 });
    });

    it('is what the formula says, entry by entry', () => {
      fc.assert(fc.property(entries, block, (values, blockLength) => {
        const codes = quantized(values, bits, blockLength);
        const expected = values.map((value, at) => {
          const { min, unit } = blockOf(codes, at);
          if (unit === 0) return { code: 0, value: 0 };
          const zero = Math.round(-min / unit);
          const code = Math.max(0, Math.min(2 ** bits - 1, Math.floor(value * (1 / unit) + zero + 0.5)));
          return { code, value: Math.fround(Math.max(-largestFloat, Math.min(largestFloat, unit * (code - zero)))) };
        });
        assert.deepEqual(codesOf(codes), expected.map(({ code }) => code));
        assert.deepEqual([...decoded(codes)].map(value => value + 0), expected.map(({ value }) => value + 0));
      }), { numRuns: 500 });
    });

    it('zero stays exactly zero, whatever else is in its block', () => {
      fc.assert(fc.property(entries, block, (values, blockLength) => {
        const holed = values.map((value, at) => at % 3 === 0 ? 0 : value);
        decoded(quantized(holed, bits, blockLength)).forEach((value, at) => { if (at % 3 === 0) assert.equal(value + 0, 0); });
      }), { numRuns: 500 });
      assert.ok(decoded(quantized(new Float32Array(3000), bits)).every(value => value === 0));
    });

    it('a constant block is safe, and exact where its value is a bfloat16', () => {
      for (const value of [1, -1, 0.375, 3e-39, -largestHalf, largestHalf]) {
        const constant = new Float32Array(1500).fill(value);
        const exact = fromBfloat16(quantized(constant, bits).ranges[value > 0 ? 1 : 0]!);
        assert.deepEqual(decoded(quantized(constant.fill(exact), bits)), constant);
      }
      for (const value of [0.1, -1e-45, 1e30]) {
        const codes = quantized(new Float32Array(1500).fill(value), bits);
        const { unit } = blockOf(codes, 0);
        assert.ok(decoded(codes).every(other => Math.abs(other - Math.fround(value)) <= unit / 2));
      }
    });

    it('a vector quantised in ranges is the vector quantised at once, and a range leaves the rest alone', () => {
      const vector = normalVector(5 * 1024 + 333, 3);
      const whole = quantized(vector, bits);
      const pieces = room(bits, vector.length);
      const sum = new Float32Array(vector.length);
      for (const [start, end] of [[3072, vector.length], [0, 1024], [1024, 3072]] as const) {
        quantize(vector, start, end, pieces);
        addQuantized(pieces, start, end, sum);
      }
      assert.deepEqual(pieces, whole);
      assert.deepEqual(sum, decoded(whole));
      quantize(normalVector(vector.length, 4), 1024, 2048, pieces);
      const changed = decoded(pieces);
      changed.forEach((value, at) => assert.ok(at >= 1024 && at < 2048 || value === sum[at]));
      assert.notDeepEqual(changed, sum);
    });

    it('adds to what is there, and a sum beyond float32 stays at its largest number', () => {
      const vector = Float32Array.of(1, 2, 3e38);
      addQuantized(quantized([5, 0, 5], bits, 2), 0, 3, vector);
      assert.deepEqual([...vector], [6, 2, Math.fround(3e38)]);
      for (const sign of [1, -1]) {
        const large = Float32Array.of(sign * 3e38, sign * 1e38);
        addQuantized(quantized([sign * largestHalf, 0], bits), 0, 2, large);
        assert.deepEqual(large, Float32Array.of(sign * largestFloat, sign * 1e38));
      }
    });
  });
}

describe('quantisation by hand', () => {
  it('4 bits: two codes in a byte, the first in the high half, a last one alone in the high half', () => {
    // min -5, max 10, u = 15 / 15 = 1, zero = 5.
    const codes = quantized([-5, 10, 0, 1, 2.6], 4);
    assert.deepEqual([...codes.codes], [0x0f, 0x56, 0x80]);
    assert.deepEqual([...codes.ranges].map(fromBfloat16), [-5, 10]);
    assert.deepEqual([...decoded(codes)], [-5, 10, 0, 1, 3]);
  });

  it('8 bits: one code in a byte', () => {
    // min -0.5, max 127, u = 127.5 / 255 = 0.5, zero = 1.
    const codes = quantized([127, -0.5, 0, 63.6], 8);
    assert.deepEqual([...codes.codes], [255, 0, 1, 128]);
    assert.deepEqual([...decoded(codes)], [127, -0.5, 0, 63.5]);
  });

  it('positive numbers only: zero is the lowest value', () => {
    const codes = quantized([15, 7.4, 0.6], 4);
    assert.deepEqual([...codes.codes], [0xf7, 0x10]);
    assert.deepEqual([...decoded(codes)], [15, 7, 1]);
  });
});
