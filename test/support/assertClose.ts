import assert from 'node:assert/strict';

/** Every entry within `tolerance` of the largest magnitude of the oracle. */
export function assertClose(values: ArrayLike<number>, oracle: ArrayLike<number>, tolerance: number, what = 'values'): void {
  assert.equal(values.length, oracle.length, `${what}: length`);
  let scale = 0;
  for (let index = 0; index < oracle.length; index++) scale = Math.max(scale, Math.abs(oracle[index]!));
  for (let index = 0; index < oracle.length; index++) {
    const difference = Math.abs(values[index]! - oracle[index]!);
    assert.ok(difference <= tolerance * Math.max(scale, 1e-30), `${what}[${index}] is ${values[index]!}, the oracle says ${oracle[index]!} (largest ${scale})`);
  }
}
