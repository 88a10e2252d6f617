import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lowRank } from '../../../src/optimizers/compressors/lowRank';
import { dampedInverse } from '../../../src/optimizers/preconditioners/dampedInverse';
import { denseWindow } from '../../../src/optimizers/preconditioners/denseWindow';
import { inverseRoot } from '../../../src/optimizers/preconditioners/inverseRoot';
import { lowRankWindow } from '../../../src/optimizers/preconditioners/lowRankWindow';
import { preconditionByWindow } from '../../../src/optimizers/preconditioners/preconditionByWindow';
import type { Updates } from '../../../src/optimizers/transformation';
import { withoutErrorFeedback } from '../../../src/optimizers/withoutErrorFeedback';
import { factoredTensors, lowRankBytes, type LowRankSettings } from '../../../src/settings/formulas/lowRank';
import { norm, normalVector, relativeDistance } from '../kernels/randomVector';
import { compression, dimension, energies, ofRank, ofTensor, rankOf, space } from './lowRankCompression';

describe('low rank', () => {
  it('sees a tensor as its first dimension by the rest; vectors, exact tensors and thin matrices stay whole', () => {
    const shapes = (settings: LowRankSettings) => factoredTensors(settings, space).map(({ rows, columns, rank }) => [rows, columns, rank]);
    assert.deepEqual(shapes({ rank: 3, groups: [] }), [[12, 9, 3], [1, 9, 0], [5, 24, 3], [1, 1, 0], [30, 3, 0], [1, 11, 0]]);
    assert.deepEqual(shapes({ rank: 2, groups: [{ match: 'conv', exact: true }] }), [[12, 9, 2], [1, 9, 0], [5, 24, 0], [1, 1, 0], [30, 3, 2], [1, 11, 0]]);
    assert.deepEqual(shapes({ rank: 100, groups: [] }).map(([, , rank]) => rank), [0, 0, 0, 0, 0, 0]);
  });

  it('takes the bytes worked out by hand', () => {
    const floats = 3 * (12 + 9) + 9 + 3 * (5 + 24) + 1 + 90 + 11;
    assert.deepEqual(lowRankBytes({ rank: 3, groups: [], window: 7 }, space), { windowFactors: 4 * 7 * floats, keptRow: 4 * floats, scratch: 8 * (3 * 12 + 3 * 24) });
    assert.deepEqual(lowRankBytes({ rank: 100, groups: [], window: 7 }, space), { windowFactors: 28 * dimension, keptRow: 4 * dimension, scratch: 0 });
  });

  for (const rank of [1, 2, 4]) {
    it(`keeps matrices of rank ${rank} at most, and everything else as it is`, () => {
      const { feed, residual } = compression(ofRank(rank));
      for (let step = 1; step <= 5; step++) {
        const { dense } = feed(normalVector(dimension, step), step);
        for (const [name, rows] of [['dense/kernel', 12], ['conv/kernel', 5], ['embedding', 30]] as const) {
          const full = rank >= Math.min(rows, ofTensor(dense, name).length / rows);
          assert.equal(rankOf(ofTensor(dense, name), rows), full ? 3 : rank, `${name}, step ${step}`);
          assert.equal(norm(ofTensor(residual(), name)) === 0, full, name);
        }
        for (const name of ['dense/bias', 'temperature', 'row']) assert.deepEqual(ofTensor(dense, name), ofTensor(normalVector(dimension, step), name));
      }
    });
  }

  it('what is kept and what is left out make up what came in: the sum of all c plus e is the sum of all g', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 12 }), (rank, seed, steps) => {
      const { feed, residual } = compression(ofRank(rank));
      const [kept, given] = [new Float64Array(dimension), new Float64Array(dimension)];
      for (let step = 1; step <= steps; step++) {
        const gradient = normalVector(dimension, seed + step);
        feed(gradient, step).dense.forEach((value, at) => { kept[at]! += value; });
        gradient.forEach((value, at) => { given[at]! += value; });
      }
      assert.ok(relativeDistance(kept.map((value, at) => value + residual()[at]!), given) < 1e-6);
    }), { numRuns: 40 });
  });

  it('contracts: what is left out of a matrix is shorter than what came in, and orthogonal to what is kept', () => {
    const link = withoutErrorFeedback(lowRank(ofRank(2)));
    const state = link.init(space);
    for (let step = 1; step <= 10; step++) {
      const gradient = normalVector(dimension, step);
      const updates: Updates = { dense: gradient.slice(), kept: undefined };
      link.update(updates, state, [], step);
      const [came, kept] = [ofTensor(gradient, 'dense/kernel'), ofTensor(updates.dense, 'dense/kernel')];
      const left = norm(came.map((value, at) => value - kept[at]!));
      assert.ok(left < norm(came) && Math.abs(left ** 2 + norm(kept) ** 2 - norm(came) ** 2) < 1e-5 * norm(came) ** 2);
    }
  });

  it('a rank no smaller than any matrix keeps everything: e stays zero', () => {
    for (const rank of [9, 12, 256]) {
      const { feed, residual } = compression(ofRank(rank));
      for (let step = 1; step <= 4; step++) assert.deepEqual(feed(normalVector(dimension, step), step).dense, normalVector(dimension, step));
      assert.ok(residual().every(value => value === 0));
    }
  });

  it('starts from what it kept last: it closes in on the largest directions of gradients that stay alike', () => {
    const gradient = new Float32Array(dimension);
    const [left, right] = [normalVector(12 * 3, 1), normalVector(9 * 3, 2)];
    for (let at = 0; at < 108; at++) gradient[at] = [1, 0.8, 0.6].reduce((sum, strength, index) => sum + strength * left[12 * index + Math.floor(at / 9)]! * right[9 * index + at % 9]!, 0);
    const link = withoutErrorFeedback(lowRank(ofRank(2)));
    const state = link.init(space);
    const share = (step: number) => {
      const updates: Updates = { dense: gradient.slice(), kept: undefined };
      link.update(updates, state, [], step);
      return norm(updates.dense) ** 2;
    };
    const shares = Array.from({ length: 30 }, (_, index) => share(index + 1));
    const [first = 0, second = 0] = energies(gradient.subarray(0, 108), 12);
    assert.ok(shares[0]! < shares[2]! && Math.abs(shares[29]! - first - second) < 1e-3 * (first + second), `${shares.join(', ')}; ${first + second}`);
  });

  it('does not depend on what other tensors hold', () => {
    const alone = (scale: number) => {
      const { feed } = compression(ofRank(2));
      return [1, 2, 3].map(step => {
        const gradient = normalVector(dimension, step);
        ofTensor(gradient, 'conv/kernel').forEach((value, at, tensor) => { tensor[at] = scale * value; });
        return ofTensor(feed(gradient, step).dense, 'dense/kernel').slice();
      });
    };
    assert.deepEqual(alone(1), alone(1e20));
  });
});

const rules = {
  'M-FAC': () => dampedInverse(() => 1e-3),
  'GGT': () => inverseRoot({ beta2: () => 0.9, epsilon: () => 1e-3 }),
};

for (const [name, rule] of Object.entries(rules)) {
  describe(`low-rank ${name}`, () => {
    /** Fed the same gradients: over a low-rank window, and over a dense one that sees what the compressor kept. */
    function pair(settings: () => LowRankSettings, size = 4) {
      const [compress, thin, whole] = [compression(settings), preconditionByWindow<unknown, unknown>({ rows: lowRankWindow(settings), window: () => size, rule: rule() }), preconditionByWindow<unknown, unknown>({ rows: denseWindow, window: () => size, rule: rule() })];
      const states = [thin.init(space), whole.init(space)] as const;
      return (step: number) => {
        const updates = compress.feed(normalVector(dimension, step), step);
        const written: Updates = { dense: updates.dense.slice(), kept: undefined };
        thin.update(updates, states[0], [], step);
        whole.update(written, states[1], [], step);
        return { u: updates.dense, expected: written.dense, coefficients: states.map(({ solver, filled }) => solver.coefficients.slice(0, filled)), grams: states.map(({ gram }) => gram) };
      };
    }

    for (const rank of [1, 2, 5, 256]) {
      it(`has the coefficients and the update of the full vectors, one solve for all tensors: rank ${rank}`, () => {
        const step = pair(ofRank(rank));
        for (let at = 1; at <= 11; at++) {
          const { u, expected, coefficients: [ours, theirs], grams: [gram, full] } = step(at);
          assert.ok(relativeDistance(gram!, full!) < 1e-6, `gram of step ${at}`);
          assert.ok(relativeDistance(ours!, theirs!) < 1e-4, `coefficients of step ${at}`);
          assert.ok(relativeDistance(u, expected) < 1e-4, `update of step ${at}`);
        }
      });
    }

    it('with a rank beyond all matrices it is the dense one on the gradients themselves', () => {
      const [step, whole] = [pair(ofRank(100)), preconditionByWindow<unknown, unknown>({ rows: denseWindow, window: () => 4, rule: rule() })];
      const state = whole.init(space);
      for (let at = 1; at <= 11; at++) {
        const updates: Updates = { dense: normalVector(dimension, at), kept: undefined };
        whole.update(updates, state, [], at);
        assert.ok(relativeDistance(step(at).u, updates.dense) < 1e-6);
      }
    });
  });
}
