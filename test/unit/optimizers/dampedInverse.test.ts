import assert from 'node:assert/strict';
import { dampedInverse } from '../../../src/optimizers/preconditioners/dampedInverse';
import { setGramRow } from '../../../src/optimizers/preconditioners/gram';
import { dot, normalVector, relativeDistance } from '../kernels/randomVector';

/** A ring of rows, its gram, and the combination that a rule makes of them. */
function ring(size: number, dimension: number) {
  const rows: Float32Array[] = [];
  const gram = new Float64Array(size * size);
  const dots = new Float64Array(size);
  const insert = (row: Float32Array, step: number) => {
    const slot = step % size;
    rows[slot] = row;
    rows.forEach((other, index) => { dots[index] = dot(other, row); });
    setGramRow(gram, size, slot, rows.length, dots);
    return { gram, size, filled: rows.length, slot };
  };
  const combine = (coefficients: Float64Array) => Float64Array.from({ length: dimension }, (_, at) => rows.reduce((sum, row, index) => sum + coefficients[index]! * row[at]!, 0));
  return { insert, combine };
}

describe('the damped inverse, row by row', () => {
  for (const [size, dimension, damping] of [[8, 40, 1e-3], [32, 200, 1e-6], [64, 500, 1e-6], [64, 20, 1e-6], [16, 300, 10]] as const) {
    it(`stays with one computed anew: window ${size}, d ${dimension}, damping ${damping}, four times round`, () => {
      const { insert, combine } = ring(size, dimension);
      const rule = dampedInverse(() => damping);
      const [kept, coefficients, fresh] = [rule.init(size), new Float64Array(size), new Float64Array(size)];
      for (let step = 0; step < 4 * size; step++) {
        const trend = normalVector(dimension, 7);
        const view = insert(normalVector(dimension, step + 1).map((value, at) => 0.3 * value + trend[at]!), step);
        rule.solve(view, kept, coefficients);
        rule.solve(view, rule.init(size), fresh);
        assert.ok(relativeDistance(combine(coefficients), combine(fresh)) < 1e-6, `step ${step}: ${relativeDistance(combine(coefficients), combine(fresh))}`);
      }
      assert.ok(kept.age < size, 'and is computed anew every window');
    });
  }

  it('follows a damping that changes', () => {
    const { insert, combine } = ring(6, 30);
    let damping = 1;
    const rule = dampedInverse(() => damping);
    const [kept, coefficients, fresh] = [rule.init(6), new Float64Array(6), new Float64Array(6)];
    for (let step = 0; step < 30; step++) {
      damping = 10 ** -(step % 4);
      const view = insert(normalVector(30, step + 1), step);
      rule.solve(view, kept, coefficients);
      rule.solve(view, rule.init(6), fresh);
      assert.ok(relativeDistance(combine(coefficients), combine(fresh)) < 1e-9);
    }
  });

  it('is computed anew where the kept one has become wrong', () => {
    const { insert, combine } = ring(6, 30);
    const rule = dampedInverse(() => 0.01);
    const [kept, coefficients, fresh] = [rule.init(6), new Float64Array(6), new Float64Array(6)];
    for (let step = 0; step < 9; step++) {
      const view = insert(normalVector(30, step + 1), step);
      if (step === 8) kept.inverse.fill(3);
      rule.solve(view, kept, coefficients);
      rule.solve(view, rule.init(6), fresh);
      assert.ok(relativeDistance(combine(coefficients), combine(fresh)) < 1e-9);
    }
  });
});
