import assert from 'node:assert/strict';
import { gradientSource } from '../../../src/bench/optimizers/gradients';
import { dot, norm } from '../kernels/randomVector';

describe('gradients of the bench', () => {
  it('are fixed by their number and nearly at right angles to one another', () => {
    const [a, b, c] = [new Float32Array(50_000), new Float32Array(50_000), new Float32Array(50_000)];
    gradientSource(50_000).write(3, a);
    gradientSource(50_000).write(3, b);
    gradientSource(50_000).write(4, c);
    assert.deepEqual(a, b);
    assert.ok(Math.abs(dot(a, c)) < 0.05 * norm(a) * norm(c));
  });
});
