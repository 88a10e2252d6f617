import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeSigned, decodeUnsigned, ditherAt, encodeSigned, encodeUnsigned } from '../../../src/kernels/dynamicCodes';

const codes = Array.from({ length: 256 }, (_, code) => code);
const unsigned = codes.map(decodeUnsigned);
const signed = codes.map(decodeSigned);
/** Any magnitude of ten decades, and the ends. */
const magnitude = fc.oneof(fc.constantFrom(0, 1, 1e-45), fc.double({ min: -10, max: 0, noNaN: true }).map(power => 10 ** power));

describe('dynamic 8-bit codes', () => {
  it('ascend; the unsigned from 0 to 1, the signed alike on both sides of 0, but for -1', () => {
    for (const values of [unsigned, signed]) assert.ok(values.every((value, code) => code === 0 || value > values[code - 1]!));
    assert.deepEqual([unsigned[0], unsigned[255], signed[127], signed[255]], [0, 1, 0, 1]);
    for (let code = 1; code < 128; code++) assert.equal(signed[127 - code], -signed[127 + code]!);
  });

  it('have 2, 4, ... 128 unsigned values in the decades from 1e-7, and half as many signed', () => {
    for (let decade = 0; decade < 7; decade++) {
      const isIn = (value: number) => value >= 10 ** (decade - 7) && value < 10 ** (decade - 6);
      assert.equal(unsigned.filter(isIn).length, 2 * 2 ** decade);
      assert.equal(signed.filter(isIn).length, 2 ** decade);
    }
    // The first interval of the top decade is [0.1, 0.1 + 0.9 / 128], its value the middle.
    assert.ok(Math.abs(unsigned[127]! - (0.1 + 0.45 / 128)) < 1e-15);
  });

  it('every code is the code of its value', () => {
    for (const code of codes) {
      assert.equal(encodeSigned(signed[code]!), code);
      assert.equal(encodeUnsigned(unsigned[code]!, 0.5), code);
    }
  });

  it('the signed code is the nearest there is', () => {
    fc.assert(fc.property(magnitude, fc.boolean(), (size, isNegative) => {
      const value = isNegative ? -size : size;
      const nearest = Math.min(...signed.map(other => Math.abs(other - value)));
      assert.ok(Math.abs(decodeSigned(encodeSigned(value)) - value) <= nearest * (1 + 1e-12));
    }), { numRuns: 500 });
  });

  it('the unsigned code is one of the two next to it, the upper with the probability that makes the mean right', () => {
    fc.assert(fc.property(magnitude, value => {
      const lower = unsigned.findLastIndex(other => other <= value && other < 1);
      const share = (value - unsigned[lower]!) / (unsigned[lower + 1]! - unsigned[lower]!);
      assert.equal(encodeUnsigned(value, Math.min(1, share * (1 + 1e-9) + 1e-15)), value > 0 ? Math.max(1, lower) : lower === 254 ? 255 : lower);
      if (share > 1e-6) assert.equal(encodeUnsigned(value, share * (1 - 1e-9)), lower + 1);
    }), { numRuns: 500 });
  });

  it('an unsigned value that is not 0 never becomes 0', () => {
    for (const value of [1e-45, 1e-30, 1e-9, 3e-7]) assert.notEqual(encodeUnsigned(value, 0.999999), 0);
    assert.equal(encodeUnsigned(0, 0), 0);
  });
});

describe('dither', () => {
  it('is uniform over places and over steps, and the two do not repeat one another', () => {
    for (const draw of [(at: number) => ditherAt(7, at), (at: number) => ditherAt(at, 7), (at: number) => ditherAt(at, at)]) {
      const drawn = Array.from({ length: 20_000 }, (_, at) => draw(at));
      assert.ok(drawn.every(value => value >= 0 && value < 1));
      for (let tenth = 0; tenth < 10; tenth++) {
        const share = drawn.filter(value => Math.floor(10 * value) === tenth).length / drawn.length;
        assert.ok(Math.abs(share - 0.1) < 0.01, `${tenth}: ${share}`);
      }
      const products = drawn.slice(1).map((value, at) => (value - 0.5) * (drawn[at]! - 0.5));
      assert.ok(Math.abs(12 * products.reduce((total, value) => total + value, 0) / products.length) < 0.03);
    }
  });
});
