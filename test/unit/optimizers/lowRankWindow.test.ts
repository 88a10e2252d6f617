import assert from 'node:assert/strict';
import { dampedInverse } from '../../../src/optimizers/preconditioners/dampedInverse';
import { lowRankWindow } from '../../../src/optimizers/preconditioners/lowRankWindow';
import { preconditionByWindow, type WindowState } from '../../../src/optimizers/preconditioners/preconditionByWindow';
import { norm, normalVector, relativeDistance } from '../kernels/randomVector';
import { explicitGram } from './linearAlgebra';
import { compression, dimension, energies, ofRank, ofTensor, rankOf, space } from './lowRankCompression';

describe('low-rank window', () => {
  interface Live { rank: number; window: number }

  function harness(live: Live) {
    const settings = () => ({ rank: live.rank, groups: [] });
    const window = lowRankWindow(settings);
    const link = preconditionByWindow({ rows: window, window: () => live.window, rule: dampedInverse(() => 0.01) });
    const compress = compression(settings);
    let state: WindowState<Parameters<typeof window.read>[0], ReturnType<ReturnType<typeof dampedInverse>['init']>> = link.init(space);
    const read = (slot: number) => {
      const vector = new Float32Array(dimension);
      window.read(state.rows, slot, vector);
      return vector;
    };
    return {
      feed: (step: number) => {
        const updates = compress.feed(normalVector(dimension, step), step);
        const kept = updates.dense.slice();
        link.update(updates, state, [], step);
        return kept;
      },
      change: (changed: Partial<Live>) => {
        Object.assign(live, changed);
        compress.remap();
        state = link.remap!(state, space);
      },
      /** Oldest first. */
      rows: () => Array.from({ length: state.filled }, (_, age) => read((state.cursor - state.filled + age + state.size) % state.size)),
      checkGram: () => {
        const rows = Float32Array.from(Array.from({ length: state.size }, (_, slot) => [...read(slot)]).flat());
        assert.ok(relativeDistance(state.gram, explicitGram(rows, state.size)) < 1e-6);
      },
      state: () => state,
    };
  }

  it('remembers what the compressor kept, in the order of the ring', () => {
    const { feed, rows, checkGram } = harness({ rank: 2, window: 4 });
    const kept: Float32Array[] = [];
    for (let step = 1; step <= 9; step++) {
      kept.push(feed(step));
      assert.deepEqual(rows(), kept.slice(-4));
      checkGram();
    }
  });

  it('a larger rank, as well as another window, keeps the rows as they are', () => {
    for (const change of [{ rank: 4 }, { rank: 12 }, { rank: 3, window: 2 }, { window: 9 }, { rank: 100, window: 1 }]) {
      const { feed, rows, change: apply, checkGram } = harness({ rank: 2, window: 5 });
      for (let step = 1; step <= 8; step++) feed(step);
      const before = rows();
      apply(change);
      const after = rows();
      assert.equal(after.length, Math.min(5, change.window ?? 5));
      after.forEach((row, index) => assert.ok(relativeDistance(row, before.at(index - after.length)!) < 1e-6));
      checkGram();
      feed(9);
      checkGram();
    }
  });

  it('a smaller rank leaves of every row the best approximation of that rank', () => {
    for (const [from, to] of [[4, 2], [4, 1], [3, 2]] as const) {
      const { feed, rows, change, checkGram } = harness({ rank: from, window: 3 });
      for (let step = 1; step <= 5; step++) feed(step);
      const before = rows();
      change({ rank: to });
      rows().forEach((row, index) => {
        for (const [name, height] of [['dense/kernel', 12], ['conv/kernel', 5]] as const) {
          const [was, is] = [ofTensor(before[index]!, name), ofTensor(row, name)];
          const lost = energies(was, height).slice(to).reduce((sum, value) => sum + value, 0);
          assert.equal(rankOf(is, height), to);
          assert.ok(Math.abs(norm(was.map((value, at) => value - is[at]!)) ** 2 - lost) < 1e-5 * norm(was) ** 2, `${name}: ${lost} lost at best`);
        }
        for (const name of ['dense/bias', 'temperature', 'row']) assert.deepEqual(ofTensor(row, name), ofTensor(before[index]!, name));
      });
      checkGram();
      feed(6);
      checkGram();
    }
  });

  it('a matrix that was whole keeps nearly its best approximation', () => {
    const { feed, rows, change } = harness({ rank: 9, window: 3 });
    for (let step = 1; step <= 3; step++) feed(step);
    const before = rows();
    change({ rank: 2 });
    rows().forEach((row, index) => {
      const [was, is] = [ofTensor(before[index]!, 'dense/kernel'), ofTensor(row, 'dense/kernel')];
      const lost = energies(was, 12).slice(2).reduce((sum, value) => sum + value, 0);
      assert.equal(rankOf(is, 12), 2);
      assert.ok(norm(was.map((value, at) => value - is[at]!)) ** 2 < 1.1 * lost);
    });
  });

  it('the compressor goes on from the directions it had', () => {
    const gradient = normalVector(dimension, 1);
    for (const [from, to] of [[2, 4], [4, 2]] as const) {
      const live = { rank: from };
      const compress = compression(() => ({ ...live, groups: [] }));
      for (let step = 1; step <= 5; step++) compress.feed(gradient, step);
      const kept = ofTensor(compress.feed(gradient, 6).dense, 'dense/kernel').slice();
      live.rank = to;
      compress.remap();
      const share = norm(ofTensor(compress.feed(gradient, 7).dense, 'dense/kernel')) / norm(kept);
      assert.ok(from < to ? share > 1 : share > 0.6, `${from} to ${to}: ${share}`);
      const same = compress.row();
      compress.remap();
      assert.equal(compress.row(), same, 'nothing to do');
    }
  });

  it('refuses to remember what nobody compressed by low rank', () => {
    const link = preconditionByWindow({ rows: lowRankWindow(ofRank(2)), window: () => 2, rule: dampedInverse(() => 1) });
    assert.throws(() => link.update({ dense: new Float32Array(dimension), kept: undefined }, link.init(space), [], 1), /withErrorFeedback\(lowRank/);
  });
});
