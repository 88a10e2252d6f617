import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDigits } from '../../../src/data/digits';
import { decodeIdx, encodeIdx } from '../../../src/data/idx';
import { epochOrder, splitExamples } from '../../../src/data/split';
import { batchOf, stretches } from '../../../src/data/batches';
import { drawShifts } from '../../../src/data/shifts';
import { loadBackend } from '../../../src/backends/loadBackend';
import { assets } from '../../support/assets';

describe('data: digits', () => {
  it('are 10,000 real images, as many of each digit as the package holds', () => {
    const { images, labels, imageShape } = loadDigits(assets);
    assert.deepEqual(imageShape, [28, 28]);
    assert.equal(images.length, 10_000 * 784);
    const counts = new Array<number>(10).fill(0);
    labels.forEach(label => { counts[label]!++; });
    assert.deepEqual(counts, [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    assert.equal(new Set(images).size, 256, 'all grey levels occur');
  });

  it('say what to do when a file is cut short', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'efcp-test-'));
    try {
      assert.throws(() => loadDigits(folder), /cannot be read\. Build or install/);
      mkdirSync(path.join(folder, 'digits'));
      writeFileSync(path.join(folder, 'digits', 'images.idx3-ubyte'), encodeIdx({ shape: [2, 2], values: new Uint8Array(4) }).slice(0, -1));
      assert.throws(() => loadDigits(folder), /2 x 2 bytes after its header, but has 3/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('come back from IDX as they went in', () => {
    const values = Uint8Array.from({ length: 24 }, (_, index) => index * 7);
    assert.deepEqual(decodeIdx(encodeIdx({ shape: [2, 3, 4], values }), 'test'), { shape: [2, 3, 4], values });
    assert.throws(() => decodeIdx(new Uint8Array(12), 'test'), /not an IDX file/);
  });
});

describe('data: split', () => {
  const sorted = (values: Uint32Array) => [...values].sort((a, b) => a - b);

  it('holds every example once, on one side only, the same for the same seed', () => {
    const { train, validation } = splitExamples(1000, 0.2, 5);
    assert.equal(validation.length, 200);
    assert.deepEqual(sorted(Uint32Array.from([...train, ...validation])), Array.from({ length: 1000 }, (_, index) => index));
    assert.deepEqual(splitExamples(1000, 0.2, 5), { train, validation });
    assert.notDeepEqual(splitExamples(1000, 0.2, 6).validation, validation);
    assert.notDeepEqual(sorted(validation), [...validation], 'not the first in order');
  });

  it('leaves something on both sides of the smallest sets', () => {
    assert.equal(splitExamples(2, 0.01, 0).validation.length, 1);
    assert.equal(splitExamples(2, 0.5, 0).train.length, 1);
  });

  it('orders every epoch anew, by seed', () => {
    const { train } = splitExamples(500, 0.1, 1);
    const first = epochOrder(train, 1, 0);
    assert.deepEqual(sorted(first), sorted(train));
    assert.deepEqual(epochOrder(train, 1, 0), first);
    assert.notDeepEqual(epochOrder(train, 1, 1), first);
    assert.notDeepEqual(epochOrder(train, 2, 0), first);
  });

  it('cuts an order into batches, the last one shorter', () => {
    assert.deepEqual([...stretches(Uint32Array.of(1, 2, 3, 4, 5), 2)].map(part => [...part]), [[1, 2], [3, 4], [5]]);
  });
});

describe('data: shifts', () => {
  before(() => loadBackend('cpu', { assets }));

  it('move an image as a whole, with zeros where it came from', () => {
    const images = Uint8Array.from({ length: 2 * 9 }, (_, index) => index + 1);
    const dataset = { name: 'small', images, labels: Uint8Array.of(4, 7), imageShape: [3, 3] };
    for (let down = -3; down <= 3; down++) {
      for (let right = -3; right <= 3; right++) {
        const { inputs: [inputs], labels } = batchOf(dataset, Uint32Array.of(1, 0), [9], () => [down, right]).make(0, 2);
        const moved = (first: number) => Array.from({ length: 9 }, (_, at) => {
          const [y, x] = [Math.floor(at / 3) - down, at % 3 - right];
          return y >= 0 && y < 3 && x >= 0 && x < 3 ? Math.fround(images[first + y * 3 + x]! / 255) : 0;
        });
        assert.deepEqual([...inputs.dataSync()], [...moved(9), ...moved(0)], `down ${down}, right ${right}`);
        assert.deepEqual([...labels.dataSync()], [7, 4]);
        inputs.dispose();
        labels.dispose();
      }
    }
  });

  it('reach every place within their reach and none beyond, the same for the same seed and epoch', () => {
    const draw = (seed: number, epoch: number) => { const next = drawShifts(2, seed, epoch); return Array.from({ length: 500 }, () => next().join()); };
    assert.equal(new Set(draw(1, 0)).size, 25);
    assert.deepEqual(draw(1, 0), draw(1, 0));
    assert.notDeepEqual(draw(1, 0), draw(1, 1));
    assert.deepEqual(new Set(Array.from({ length: 9 }, drawShifts(0, 1, 0)).map(shift => shift.join())), new Set(['0,0']));
  });
});
