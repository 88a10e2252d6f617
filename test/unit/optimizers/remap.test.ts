import assert from 'node:assert/strict';
import fc from 'fast-check';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { topK } from '../../../src/optimizers/compressors/topK';
import { withoutErrorFeedback } from '../../../src/optimizers/withoutErrorFeedback';
import { dampedInverse, type DampedInverse } from '../../../src/optimizers/preconditioners/dampedInverse';
import { denseWindow } from '../../../src/optimizers/preconditioners/denseWindow';
import { preconditionByWindow, type WindowState } from '../../../src/optimizers/preconditioners/preconditionByWindow';
import { sparseWindow } from '../../../src/optimizers/preconditioners/sparseWindow';
import type { Transformation, Updates } from '../../../src/optimizers/transformation';
import type { Window } from '../../../src/optimizers/preconditioners/window';
import { flatSpace, keptOf, layoutOf } from '../kernels/flatSpace';
import { normalVector, relativeDistance } from '../kernels/randomVector';
import { explicitGram } from './linearAlgebra';

const dimension = 300;
const space = flatSpace(dimension);

interface Live { density: number; window: number; blockSize: number | null; valuePrecision: 'float32' | 'bfloat16' }

/** M-FAC over some window, with its rows readable one by one, oldest first. */
interface Harness {
  feed(step: number): Float32Array;
  change(settings: Partial<Live>): void;
  rows(): Float32Array[];
  gram(): Float64Array;
  slots(): Float32Array;
  /** What the window would remember of a vector under the present settings. */
  remembered(vector: Float32Array): Float32Array;
}

function harness<Rows>(live: Live, window: Window<Rows>, compress?: Transformation<unknown>): Harness {
  const mfac = preconditionByWindow({ rows: window, window: () => live.window, rule: dampedInverse(() => 0.01) });
  let [state, compression]: [WindowState<Rows, DampedInverse>, unknown] = [mfac.init(space), compress?.init(space)];
  const read = (slot: number) => {
    const vector = new Float32Array(dimension);
    window.read(state.rows, slot, vector);
    return vector;
  };
  return {
    feed: step => {
      const updates: Updates = { dense: normalVector(dimension, step), kept: undefined };
      compress?.update(updates, compression, [], step);
      mfac.update(updates, state, [], step);
      return updates.dense;
    },
    change: settings => {
      Object.assign(live, settings);
      state = mfac.remap!(state, space);
      compression = compress?.remap!(compression, space);
    },
    rows: () => Array.from({ length: state.filled }, (_, age) => read((state.cursor - state.filled + age + state.size) % state.size)),
    gram: () => state.gram,
    slots: () => Float32Array.from(Array.from({ length: state.size }, (_, slot) => [...read(slot)]).flat()),
    remembered: vector => compress === undefined ? vector : cutBy(vector, live),
  };
}

function cutBy(vector: Float32Array, { density, blockSize, valuePrecision }: Live): Float32Array {
  const cut = new Float32Array(dimension);
  typedArrays.expand(keptOf(vector, layoutOf(dimension, density, blockSize), valuePrecision), cut);
  return cut;
}

function sparse(blockSize: number | null): Harness {
  const live: Live = { density: 0.1, window: 6, blockSize, valuePrecision: 'float32' };
  const settings = () => ({ ...live, groups: [] });
  return harness(live, sparseWindow(settings, typedArrays), withoutErrorFeedback(topK(settings, typedArrays)));
}

const kinds: Record<string, () => Harness> = {
  'dense window': () => harness({ density: 1, window: 6, blockSize: null, valuePrecision: 'float32' }, denseWindow),
  'sparse window, one block': () => sparse(null),
  'sparse window, blocks of 64 and a tail': () => sparse(64),
  'sparse window, blocks of 2': () => sparse(2),
};

for (const [kind, make] of Object.entries(kinds)) {
  describe(`remap: ${kind}`, () => {
    const change = fc.record({
      density: fc.constantFrom(0.001, 0.02, 0.1, 0.15, 0.5, 1), window: fc.integer({ min: 1, max: 12 }), blockSize: fc.constantFrom(null, 2, 37, 64, 300), valuePrecision: fc.constantFrom('float32' as const, 'bfloat16' as const),
    }, { requiredKeys: [] });
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
