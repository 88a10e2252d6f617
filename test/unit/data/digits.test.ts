import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDigits } from '../../../src/data/digits';
import { decodeIdx, encodeIdx } from '../../../src/data/idx';
import { epochOrder, splitExamples } from '../../../src/data/split';
import { stretches } from '../../../src/data/batches';
import { assets } from '../../support/assets';

describe('data: digits', () => {
  it('are 10,000 real images, as many of each digit as the package holds', () => {
    const digits = loadDigits(assets);
    assert.deepEqual(digits.inputs, [{ shape: [28, 28, 1], dtype: 'float32' }]);
    assert.equal(digits.bytes, 10_000 * 785);
    const { inputs: [images], labels } = digits.make(Uint32Array.from({ length: digits.examples }, (_, index) => index));
    const counts = new Array<number>(10).fill(0);
    labels.values.forEach(label => { counts[label]!++; });
    assert.deepEqual(counts, [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    assert.deepEqual(new Set(images!.values), new Set(Array.from({ length: 256 }, (_, level) => Math.fround(level / 255))), 'all grey levels occur, from 0 to 1');
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
