import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eigenvalueRange, lanczosRoom } from '../../../src/trainer/eigenvalueRange';
import { gramDiagnostics } from '../../../src/trainer/gramDiagnostics';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { uniform } from '../kernels/randomVector';
import { gramOf, jacobiEigenvalues } from './jacobi';

const take = (length: number) => new Float64Array(length).fill(Number.NaN);

/** The gram of some rows at the start of a window of `size`. */
function windowOf(rows: readonly (readonly number[])[], size: number, cursor = rows.length % size) {
  const gram = new Float64Array(size * size);
  gramOf(rows).forEach((row, at) => gram.set(row, at * size));
  return { gram, size, filled: rows.length, cursor };
}

function randomRows(count: number, length: number, seed: number): number[][] {
  const next = uniform(seed);
  return Array.from({ length: count }, () => Array.from({ length }, () => next() - 0.5));
}

function range(matrix: readonly (readonly number[])[], weights = new Float64Array(matrix.length).fill(1)) {
  return eigenvalueRange(Float64Array.from(matrix.flat()), matrix.length, matrix.length, weights, lanczosRoom(matrix.length, take));
}

function assertNear(found: number | undefined, wanted: number, tolerance: number): void {
  assert.ok(found !== undefined && Math.abs(found - wanted) <= tolerance * Math.abs(wanted), `${found} is not ${wanted}`);
}

describe('trainer: eigenvalues of a gram', () => {
  it('are exact up to 32 rows, dependent ones included', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 1, max: 40 }), fc.nat(1e6), (count, length, seed) => {
      const gram = gramOf(randomRows(count, length, seed));
      const exact = jacobiEigenvalues(gram);
      const { smallest, largest } = range(gram);
      assertNear(largest, exact.at(-1)!, 1e-9);
      assert.ok(Math.abs(smallest - exact[0]!) <= 1e-9 * largest, `${smallest} is not ${exact[0]!}`);
    }), { numRuns: 40 });
  });

  it('beyond, the largest is right and the smallest is within the spectrum', () => {
    const size = 150;
    for (const ratio of [0.999, 0.97, 0.9, 0.5]) {
      // A diagonal matrix is as good as any: the start vector has something of every axis.
      const values = Array.from({ length: size }, (_, at) => 100 * ratio ** at);
      const { smallest, largest } = range(values.map((value, row) => values.map((_, column) => row === column ? value : 0)));
      assertNear(largest, 100, 1e-3);
      assert.ok(smallest >= values.at(-1)! - 1e-12 * largest && smallest <= 2 * values.at(-1)! + 0.05 * largest, `ratio ${ratio}: ${smallest}`);
    }
  });

  it('follow the weights: D M D', () => {
    const rows = randomRows(6, 9, 4);
    const weights = Float64Array.from([1, 0.5, 2, 0.1, 3, 0.7]);
    const exact = jacobiEigenvalues(gramOf(rows.map((row, at) => row.map(value => value * weights[at]!))));
    const { smallest, largest } = range(gramOf(rows), weights);
    assertNear(largest, exact.at(-1)!, 1e-10);
    assertNear(smallest, exact[0]!, 1e-8);
  });

  it('of a matrix of zeros, of repeated rows and of any scale are numbers', () => {
    assert.deepEqual(range([[0, 0], [0, 0]]), { smallest: 0, largest: 0 });
    for (const scale of [1e-38, 1e-15, 1, 1e30, 3e37]) {
      const { smallest, largest } = range(gramOf(Array.from({ length: 5 }, () => [scale, -scale, 0])));
      assertNear(largest, 10 * scale * scale, 1e-9);
      assert.ok(Math.abs(smallest) <= 1e-12 * largest);
    }
  });
});

describe('trainer: what the gram says of the preconditioner', () => {
  const mfac = (changed: Partial<Settings> = {}) => ({ ...defaultsFor('dense-mfac'), damping: 0.5, ...changed });
  const ggt = (changed: Partial<Settings> = {}) => ({ ...defaultsFor('ggt'), epsilon: 0.5, ...changed });

  it('worked by hand: two orthogonal rows of norms 2 and 1', () => {
    const window = windowOf([[2, 0], [0, 1]], 4);
    // M-FAC inverts 4 * 0.5 I + diag(4, 1); GGT 0.5 I + diag(2, 1).
    assertNear(gramDiagnostics(window, mfac(), take).gramCondition, 6 / 3, 1e-12);
    assertNear(gramDiagnostics(window, ggt(), take).gramCondition, 2.5 / 1.5, 1e-12);
    assertNear(gramDiagnostics(window, mfac(), take).effectiveWindow, 25 / 17, 1e-12);
  });

  it('counts n for n equally strong orthogonal rows and 1 for rows all alike', () => {
    for (const count of [1, 3, 40]) {
      const unit = Array.from({ length: count }, (_, row) => Array.from({ length: count }, (_unused, at) => row === at ? 7 : 0));
      assertNear(gramDiagnostics(windowOf(unit, 64), mfac(), take).effectiveWindow, count, 1e-12);
      assertNear(gramDiagnostics(windowOf(unit.map(() => [1, 2]), 64), mfac(), take).effectiveWindow, 1, 1e-12);
    }
  });

  it('is between 1 and the number of rows, and the condition at least 1, at the exact values', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30 }), fc.nat(1e6), (count, length, seed) => {
      const rows = randomRows(count, length, seed);
      const exact = jacobiEigenvalues(gramOf(rows)).map(value => Math.max(0, value));
      const { effectiveWindow, gramCondition } = gramDiagnostics(windowOf(rows, 20), mfac({ damping: 1e-3 }), take);
      const sum = exact.reduce((all, value) => all + value, 0);
      assertNear(effectiveWindow, sum * sum / exact.reduce((all, value) => all + value * value, 0), 1e-9);
      assertNear(gramCondition, (0.02 + exact.at(-1)!) / (0.02 + exact[0]!), 1e-9);
      assert.ok(effectiveWindow! >= 1 - 1e-9 && effectiveWindow! <= count + 1e-9 && gramCondition! >= 1);
    }), { numRuns: 40 });
  });

  it('GGT counts a row beta2 less with every step of age, wherever the ring starts', () => {
    const rows = randomRows(5, 12, 9);
    const beta2 = 0.6;
    // In a full ring with the cursor at 2, rows 2, 3, 4, 0, 1 went in one after the other.
    const ages = [1, 0, 4, 3, 2];
    const decayed = rows.map((row, at) => row.map(value => value * beta2 ** ages[at]!));
    const exact = jacobiEigenvalues(gramOf(decayed));
    const { gramCondition, effectiveWindow } = gramDiagnostics(windowOf(rows, 5, 2), ggt({ beta2, epsilon: 1e-3 }), take);
    assertNear(gramCondition, (1e-3 + Math.sqrt(exact.at(-1)!)) / (1e-3 + Math.sqrt(exact[0]!)), 1e-8);
    const squares = gramOf(decayed).flat().reduce((sum, value) => sum + value * value, 0);
    assertNear(effectiveWindow, exact.reduce((sum, value) => sum + value, 0) ** 2 / squares, 1e-9);
  });

  it('of rows of zeros: condition 1, and no effective window', () => {
    for (const settings of [mfac(), ggt()]) assert.deepEqual(gramDiagnostics(windowOf([[0, 0], [0, 0]], 3), settings, take), { gramCondition: 1 });
  });
});
