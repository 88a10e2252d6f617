import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plainChunks, type ChunkCompute } from '../../../src/kernels/chunkCompute';
import { bitsOfFloat16, roundToFloat16 } from '../../../src/kernels/float16';
import { largestHalf, packHalves, unpackHalves, type HalfFormat } from '../../../src/kernels/halves';
import { loadWasmChunks } from '../../../src/kernels/loadWasmChunks';
import { assets } from '../../support/assets';
import { normalVector } from './randomVector';

const formats: readonly HalfFormat[] = ['float16', 'bfloat16'];
const shape = { float16: { exponentBits: 5, fractionBits: 10, bias: 15 }, bfloat16: { exponentBits: 8, fractionBits: 7, bias: 127 } };
const all = Uint16Array.from({ length: 65_536 }, (_, half) => half);

/** What the bits of a format mean, by the definition of IEEE 754. */
function meaning(format: HalfFormat, half: number): number {
  const { exponentBits, fractionBits, bias } = shape[format];
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half & 0x7fff) >>> fractionBits;
  const fraction = (half & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

const values = (format: HalfFormat, halves: Uint16Array) => {
  const unpacked = new Float32Array(halves.length);
  unpackHalves(format, halves, 0, unpacked);
  return unpacked;
};
const packed = (format: HalfFormat, vector: Float32Array, overflow: 'infinite' | 'largest' = 'infinite') => {
  const halves = new Uint16Array(vector.length);
  packHalves(format, vector, halves, 0, overflow);
  return halves;
};
const floatBits = new Uint32Array(1);
const float = new Float32Array(floatBits.buffer);

describe('halves', () => {
  for (const format of formats) {
    it(`${format}: each of the 65,536 means what IEEE 754 says, and comes back`, () => {
      const unpacked = values(format, all);
      const back = packed(format, unpacked);
      for (const half of all) {
        assert.ok(Object.is(unpacked[half], meaning(format, half)), `${half}: ${unpacked[half]}`);
        if (Number.isNaN(unpacked[half])) assert.ok(Number.isNaN(meaning(format, back[half]!)));
        else assert.equal(back[half], half);
      }
    });

    it(`${format}: between any two neighbours the nearer is taken, in the middle the even one`, () => {
      const last = format === 'float16' ? 0x7bff : 0x7f7f;
      for (const sign of [0, 0x8000]) {
        for (let half = 0; half < last; half++) {
          const [lower, upper] = [meaning(format, half | sign), meaning(format, half + 1 | sign)];
          const middle = Math.fround((lower + upper) / 2);
          float[0] = middle;
          const [inner, outer] = [floatBits[0]! - 1, floatBits[0]! + 1].map(bits => {
            floatBits[0] = bits;
            return float[0];
          });
          const found = packed(format, Float32Array.of(inner!, middle, outer!));
          assert.deepEqual([...found], [half | sign, (half % 2 === 0 ? half : half + 1) | sign, half + 1 | sign], `${half}`);
        }
      }
    });

    it(`${format}: what is too large is infinite, or the largest number; a NaN stays one`, () => {
      const largest = largestHalf[format];
      assert.equal(meaning(format, format === 'float16' ? 0x7bff : 0x7f7f), largest);
      const tie = format === 'float16' ? 65_520 : (2 - 2 ** -8) * 2 ** 127;
      const vector = Float32Array.of(tie, -tie, 3.4028234663852886e38, Infinity, -Infinity);
      assert.deepEqual([...values(format, packed(format, vector))], [Infinity, -Infinity, Infinity, Infinity, -Infinity]);
      assert.deepEqual([...values(format, packed(format, vector, 'largest'))], [largest, -largest, largest, largest, -largest]);
      for (const bits of [0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000]) {
        for (const overflow of ['infinite', 'largest'] as const) {
          const vectorOfNaN = new Float32Array(Uint32Array.of(bits).buffer);
          assert.ok(Number.isNaN(values(format, packed(format, vectorOfNaN, overflow))[0]));
        }
      }
    });

    it(`${format}: any number is within half a unit in the last place`, () => {
      fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), value => {
        const [found] = values(format, packed(format, Float32Array.of(value)));
        if (Math.abs(value) > largestHalf[format]) return;
        const unit = Math.max(Math.abs(value) * 2 ** -(shape[format].fractionBits + 1), 2 ** -(shape[format].bias + shape[format].fractionBits));
        assert.ok(Math.abs(found! - value) <= unit);
      }));
    });
  }

  it('float16: a number at a time is the same', () => {
    for (const half of [0, 1, 0x3ff, 0x400, 0x3c00, 0x7bff, 0x7c00, 0x8001]) {
      floatBits[0] = bitsOfFloat16(half);
      assert.equal(float[0], meaning('float16', half));
      assert.equal(roundToFloat16(floatBits[0]), half);
    }
  });
});

describe('chunks in WebAssembly', () => {
  let wasm: ChunkCompute;
  before(() => { wasm = loadWasmChunks(assets); });
  const plain = plainChunks();

  for (const format of formats) {
    it(`${format}: unpack all 65,536 as plain typed arrays do, in place and elsewhere`, () => {
      const expected = new Uint32Array(values(format, all).buffer);
      const elsewhere = new Float32Array(all.length);
      wasm.unpack(format, all, 0, elsewhere);
      assert.deepEqual(new Uint32Array(elsewhere.buffer), expected);
      const chunk = wasm.createChunk();
      for (let from = 0; from < all.length; from += chunk.length) {
        wasm.unpack(format, all, from, chunk);
        assert.deepEqual(new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.length).slice(), expected.slice(from, from + chunk.length));
      }
    });

    it(`${format}: pack as plain typed arrays do, ties, subnormals, overflow and NaN included`, () => {
      const chunk = wasm.createChunk();
      const awkward = [0, -0, 1e-45, -1e-45, 2 ** -24, 2 ** -25, 3 * 2 ** -25, 2 ** -14, 65_504, 65_519, 65_520, 65_536, -65_520, 3.3895e38, 3.4e38, Infinity, -Infinity, NaN];
      // Every upper half of a float32, just below, at and just above the middle between two bfloat16; and float16's likewise.
      const ties = [0x7fff, 0x8000, 0x8001, 0x0fff, 0x1000, 0x1001, 0x2fff, 0x3000].flatMap(low => [...all].map(high => (high << 16 | low) >>> 0));
      const vectors = [Float32Array.from(awkward), new Float32Array(Uint32Array.from(ties).buffer), ...[-40, -20, 0, 20].map((power, index) => normalVector(1001, index, 2 ** power))];
      for (const vector of vectors) {
        for (const overflow of ['infinite', 'largest'] as const) {
          const expected = new Uint16Array(vector.length + 9);
          const found = new Uint16Array(vector.length + 9);
          plain.pack(format, vector, expected, 4, overflow);
          wasm.pack(format, vector, found, 4, overflow);
          assert.deepEqual(found, expected);
          const count = Math.min(vector.length, chunk.length) - 1;
          const part = chunk.subarray(0, count);
          part.set(vector.subarray(0, count));
          found.fill(0);
          wasm.pack(format, part, found, 4, overflow);
          assert.deepEqual(found.subarray(4, 4 + count), expected.subarray(4, 4 + count));
          assert.equal(found[4 + count], 0, 'nothing is written behind the last');
        }
      }
    });
  }

  it('descend as plain typed arrays do, whatever the length', () => {
    for (const length of [1, 7, 100, 1023]) {
      const [update, theta] = [normalVector(length, 1), normalVector(length, 2)];
      const [a, b] = [wasm.createChunk().subarray(0, length), wasm.createChunk().subarray(0, length)];
      a.set(update);
      b.set(theta);
      wasm.descend(a, b, 0.1, 0.01);
      plain.descend(update, theta, 0.1, 0.01);
      assert.deepEqual([[...a], [...b]], [[...update], [...theta]]);
    }
  });
});
