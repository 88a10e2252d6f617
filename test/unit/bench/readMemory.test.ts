import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMemoryReader, instantiate } from '../../../src/bench/optimizers/readMemory';

describe('reading memory', () => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const words = new BigUint64Array(memory.buffer);
  const sum = instantiate(memory);

  it('reads every byte from one multiple of 64 to another, and nothing else', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 47 }), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (first, blocks, seed) => {
      words.forEach((_, at) => { words[at] = (seed * BigInt(at + 1)) & (2n ** 64n - 1n); });
      let expected = 0n;
      for (let at = 8 * first; at < 8 * (first + blocks); at++) expected += words[at]!;
      assert.equal(BigInt.asUintN(64, sum(64 * first, 64 * (first + blocks))), BigInt.asUintN(64, expected));
    }), { numRuns: 20 });
  });

  it('more bytes take longer', () => {
    const reader = createMemoryReader();
    assert.ok(reader.readMs(2e8) > 3 * reader.readMs(1e7));
  });
});
