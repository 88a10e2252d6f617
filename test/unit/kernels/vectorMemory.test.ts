import assert from 'node:assert/strict';
import { createVector, placeOf } from '../../../src/kernels/threads/vectorMemory';

describe('kernels/threads/vectorMemory', () => {
  it('puts a vector at the start of a memory, with room for scratch behind it that grows with need', () => {
    const vector = createVector(20_000).fill(7);
    const small = placeOf(vector, 1000);
    assert.ok(small !== undefined);
    assert.deepEqual([small.at, small.length], [0, 20_000]);
    assert.ok(small.scratchAt >= vector.byteLength && small.memory.buffer.byteLength >= small.scratchAt + 1000);
    const large = placeOf(vector, 10_000_000);
    assert.equal(large?.memory, small.memory);
    assert.equal(large.scratchAt, small.scratchAt);
    assert.ok(large.memory.buffer.byteLength >= large.scratchAt + 10_000_000);
    new Uint8Array(large.memory.buffer, large.scratchAt).fill(255);
    assert.ok(vector.every(value => value === 7), 'the vector itself stays');
    assert.equal(new Float32Array(large.memory.buffer, large.at, large.length)[19_999], 7);
  });

  it('knows a part of a vector by its address, and no vector of anybody else', () => {
    const vector = createVector(100);
    assert.deepEqual([placeOf(vector.subarray(10, 30), 0)?.at, placeOf(vector.subarray(10, 30), 0)?.length], [40, 20]);
    assert.equal(placeOf(new Float32Array(new SharedArrayBuffer(400)), 0), undefined);
    assert.equal(placeOf(new Float32Array(100), 0), undefined);
  });

  it('leaves a vector out of reach where there is no room for so much scratch', () => {
    assert.equal(placeOf(createVector(100), 2 ** 32), undefined);
  });
});
