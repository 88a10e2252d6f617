import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addBfloat16, bitsOfFloat, fromBfloat16, packBfloat16, roundAwayFromZero, roundToBfloat16 } from '../../../src/kernels/bfloat16';
import { largestFloat } from '../../../src/kernels/saturate';
import { normalVector } from './randomVector';

const largestHalf = fromBfloat16(0x7f7f);
const awkward = fc.constantFrom(0, -0, 1e-45, -1e-45, 1.17e-38, 1, -1, 1.00390625, 1.01171875, -1.00390625, 3.3895e38, -3.3895e38, largestFloat, -largestFloat);
const float = fc.oneof(awkward.map(Math.fround), fc.float({ noNaN: true, noDefaultInfinity: true }));

/** The bfloat16 numbers next to `value` towards zero and away from it, by taking the low bits away and counting on by one. */
function neighbours(value: number): { inner: number; outer: number; halves: [number, number] } {
  const inner = bitsOfFloat(value) >>> 16;
  const exact = fromBfloat16(inner) === value;
  const outer = exact || (inner & 0x7fff) === 0x7f7f ? inner : inner + 1;
  return { inner: fromBfloat16(inner), outer: fromBfloat16(outer), halves: [inner, outer] };
}

describe('bfloat16', () => {
  it('is the nearest one, of two equally near the even one, and never infinite', () => {
    fc.assert(fc.property(float, value => {
      const { inner, outer, halves } = neighbours(value);
      const [toInner, toOuter] = [Math.abs(value - inner), Math.abs(outer - value)];
      const expected = toInner < toOuter ? halves[0] : toOuter < toInner ? halves[1] : halves.find(half => half % 2 === 0) ?? halves[0];
      assert.equal(roundToBfloat16(bitsOfFloat(value)), expected);
    }), { numRuns: 2000 });
  });

  it('rounds 1 + 2^-8 to 1 and 1 + 3 * 2^-8 to 1 + 2^-6, ties to even', () => {
    const rounded = (value: number) => fromBfloat16(roundToBfloat16(bitsOfFloat(value)));
    assert.deepEqual([1 + 2 ** -8, 1 + 3 * 2 ** -8, -1 - 2 ** -8, 1 + 2 ** -8 + 2 ** -20].map(rounded), [1, 1 + 2 ** -6, -1, 1 + 2 ** -7]);
    assert.equal(rounded(largestFloat), largestHalf);
  });

  it('away from zero is the next one outward, and never infinite', () => {
    fc.assert(fc.property(float, value => {
      assert.equal(roundAwayFromZero(bitsOfFloat(value)), neighbours(value).halves[1]);
    }), { numRuns: 2000 });
  });

  it('leaves NaN and infinity what they are', () => {
    for (const round of [roundToBfloat16, roundAwayFromZero]) {
      assert.equal(fromBfloat16(round(bitsOfFloat(Infinity))), Infinity);
      assert.equal(fromBfloat16(round(bitsOfFloat(-Infinity))), -Infinity);
    }
    assert.ok(Number.isNaN(fromBfloat16(roundToBfloat16(bitsOfFloat(Number.NaN)))));
  });

  it('packs and adds a range of a vector, and touches nothing else', () => {
    const vector = normalVector(50, 1);
    const halves = new Uint16Array(50).fill(7);
    packBfloat16(vector, 10, 33, halves);
    assert.deepEqual(halves, Uint16Array.from(vector, (value, at) => at >= 10 && at < 33 ? roundToBfloat16(bitsOfFloat(value)) : 7));
    const sum = normalVector(50, 2);
    const before = sum.slice();
    addBfloat16(halves, 10, 33, sum);
    assert.deepEqual(sum, before.map((value, at) => at >= 10 && at < 33 ? value + fromBfloat16(halves[at]!) : value));
  });

  it('packs a vector that begins in the middle of its memory', () => {
    const halves = new Uint16Array(3);
    packBfloat16(Float32Array.of(9, 9, 1, -2, 0.5).subarray(2), 0, 3, halves);
    assert.deepEqual([...halves].map(fromBfloat16), [1, -2, 0.5]);
  });

  it('a sum beyond float32 stays at its largest number', () => {
    const vector = Float32Array.of(3e38, -3e38);
    addBfloat16(Uint16Array.of(0x7f7f, 0xff7f), 0, 2, vector);
    assert.deepEqual([...vector], [largestFloat, -largestFloat]);
  });
});
