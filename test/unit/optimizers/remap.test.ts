import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blockTopK } from '../../../src/kernels/blockTopK';
import { scatterRow } from '../../../src/kernels/scatterRow';
import { indicesFor, layoutOf } from '../../../src/optimizers/compressors/layoutOf';
import { topK } from '../../../src/optimizers/compressors/topK';
import { withoutErrorFeedback } from '../../../src/optimizers/withoutErrorFeedback';
import { denseWindow } from '../../../src/optimizers/preconditioners/denseWindow';
import { preconditionByMfac, type MfacState } from '../../../src/optimizers/preconditioners/mfac';
import { sparseWindow } from '../../../src/optimizers/preconditioners/sparseWindow';
import type { Transformation } from '../../../src/optimizers/transformation';
import type { Window } from '../../../src/optimizers/preconditioners/window';
import { normalVector, relativeDistance } from '../kernels/randomVector';
import { explicitGram } from './linearAlgebra';

const dimension = 300;

/** M-FAC over some window, with its rows readable one by one, oldest first. */
interface Harness {
  feed(step: number): Float32Array;
  change(settings: { density?: number; window?: number }): void;
  rows(): Float32Array[];
  gram(): Float64Array;
  slots(): Float32Array;
  /** What the window would remember of a vector under the present settings. */
  remembered(vector: Float32Array): Float32Array;
}

function harness<Rows>(
  live: { density: number; window: number }, window: Window<Rows>, compress: Transformation<unknown> | undefined, blockSize: number | null,
): Harness {
  const mfac = preconditionByMfac({ rows: window, window: () => live.window, damping: () => 0.01 });
  let [state, compression]: [MfacState<Rows>, unknown] = [mfac.init(dimension), compress?.init(dimension)];
  const read = (slot: number) => {
    const vector = new Float32Array(dimension);
    window.read(state.rows, slot, vector);
    return vector;
  };
  return {
    feed: step => {
      const updates = { dense: normalVector(dimension, step), kept: undefined };
      compress?.update(updates, compression, [], step);
      mfac.update(updates, state, [], step);
      return updates.dense;
    },
    change: settings => {
      Object.assign(live, settings);
      state = mfac.remap!(state, dimension);
      compression = compress?.remap!(compression, dimension);
    },
    rows: () => Array.from({ length: state.filled }, (_, age) => read((state.cursor - state.filled + age + state.size) % state.size)),
    gram: () => state.gram,
    slots: () => Float32Array.from(Array.from({ length: state.size }, (_, slot) => [...read(slot)]).flat()),
    remembered: vector => compress === undefined ? vector : cutBy(vector, live.density, blockSize),
  };
}

function cutBy(vector: Float32Array, density: number, blockSize: number | null): Float32Array {
  const layout = layoutOf(dimension, density, blockSize);
  const [values, indices] = [new Float32Array(layout.kept), indicesFor(layout, layout.kept)];
  blockTopK(vector, layout, values, indices);
  const cut = new Float32Array(dimension);
  scatterRow(layout, values, indices, 0, cut);
  return cut;
}

function sparse(blockSize: number | null): Harness {
  const live = { density: 0.1, window: 6 };
  const compressor = topK({ density: () => live.density, blockSize });
  return harness(live, sparseWindow(compressor), withoutErrorFeedback(compressor), blockSize);
}

const kinds: Record<string, () => Harness> = {
  'dense window': () => harness({ density: 1, window: 6 }, denseWindow, undefined, null),
  'sparse window, one block': () => sparse(null),
  'sparse window, blocks of 64 and a tail': () => sparse(64),
  'sparse window, blocks of 2': () => sparse(2),
};

for (const [kind, make] of Object.entries(kinds)) {
  describe(`remap: ${kind}`, () => {
    const change = fc.record({ density: fc.constantFrom(0.001, 0.02, 0.1, 0.15, 0.5, 1), window: fc.integer({ min: 1, max: 12 }) }, { requiredKeys: [] });
    const story = fc.array(fc.record({ steps: fc.integer({ min: 0, max: 9 }), change }), { minLength: 1, maxLength: 4 });

    it('keeps the newest rows in order, cut to what the new density keeps, and the gram is theirs', () => {
      fc.assert(fc.property(story, chapters => {
        const mfac = make();
        let step = 0;
        for (const { steps, change: settings } of chapters) {
          for (let count = 0; count < steps; count++) mfac.feed(++step);
          const before = mfac.rows();
          mfac.change(settings);
          const after = mfac.rows();
          const size = mfac.slots().length / dimension;
          assert.equal(after.length, Math.min(before.length, size));
          after.forEach((row, index) => assert.deepEqual(row.map(value => value + 0), mfac.remembered(before.at(index - after.length)!).map(value => value + 0)));
          assert.ok(relativeDistance(mfac.gram(), explicitGram(mfac.slots(), size)) < 1e-13);
        }
      }), { numRuns: 40 });
    });

    it('goes on as a ring: the next rows replace the oldest, and the gram stays theirs', () => {
      for (const window of [1, 3, 6, 9]) {
        const mfac = make();
        for (let step = 1; step <= 8; step++) mfac.feed(step);
        mfac.change({ window });
        const before = mfac.rows();
        for (let step = 9; step <= 20; step++) {
          mfac.feed(step);
          before.push(mfac.remembered(normalVector(dimension, step)));
          assert.deepEqual(mfac.rows(), before.slice(-Math.min(window, before.length)));
          assert.ok(relativeDistance(mfac.gram(), explicitGram(mfac.slots(), window)) < 1e-13);
        }
      }
    });

    it('a window that grew and shrank before it filled preconditions as if nothing had happened', () => {
      const [changed, untouched] = [make(), make()];
      for (let step = 1; step <= 3; step++) { changed.feed(step); untouched.feed(step); }
      changed.change({ window: 12 });
      changed.change({ window: 6 });
      for (let step = 4; step <= 15; step++) assert.ok(relativeDistance(changed.feed(step), untouched.feed(step)) < 1e-6);
    });
  });
}
