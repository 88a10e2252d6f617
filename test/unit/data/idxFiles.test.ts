import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { catalog } from '../../../src/data/catalog';
import { encodeIdx } from '../../../src/data/idx';
import { readIdxPairs } from '../../../src/data/idxFiles';
import { loadDataset } from '../../../src/data/loadDataset';
import { splitOf } from '../../../src/data/split';
import { assets } from '../../support/assets';
import { fashionMnist } from '../../support/fashionMnist';

const names = catalog['fashion-mnist'].contents.map(({ file }) => file);

describe('data: IDX files', () => {
  let home: string;
  let kept: string | undefined;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'efcp-data-'));
    kept = process.env['EFCP_DATA_HOME'];
    process.env['EFCP_DATA_HOME'] = home;
  });
  afterEach(() => {
    if (kept === undefined) Reflect.deleteProperty(process.env, 'EFCP_DATA_HOME');
    else process.env['EFCP_DATA_HOME'] = kept;
    rmSync(home, { recursive: true });
  });

  const small = (examples: number, levels: number) => [
    encodeIdx({ shape: [examples, 2, 2], values: new Uint8Array(examples * 4).fill(levels) }), encodeIdx({ shape: [examples], values: Uint8Array.from({ length: examples }, (_, index) => index) }),
  ];
  const put = (gzipped: readonly boolean[]) => {
    [...small(3, 1), ...small(2, 2)].forEach((bytes, place) => { writeFileSync(path.join(home, `${names[place]!}${gzipped[place]! ? '.gz' : ''}`), gzipped[place]! ? gzipSync(bytes) : bytes); });
  };

  it('are read gzipped or plain', () => {
    put([true, false, false, true]);
    const [train, validation] = readIdxPairs(home, names);
    assert.deepEqual([train.images.shape, [...train.labels.values]], [[3, 2, 2], [0, 1, 2]]);
    assert.deepEqual([[...validation.images.values], validation.labels.shape], [new Array<number>(8).fill(2), [2]]);
  });

  it('that are missing, cut short, another kind or another set\'s are named with what to do', () => {
    assert.throws(() => readIdxPairs(home, names), /train-images-idx3-ubyte\.gz/);
    put([true, true, true, true]);
    const file = (place: number) => path.join(home, `${names[place]!}.gz`);
    writeFileSync(file(2), gzipSync(encodeIdx({ shape: [2], values: new Uint8Array(2) })));
    assert.throws(() => readIdxPairs(home, names), /t10k-images.* holds an array of 1 dimensions \(2\), but must have 3\..*replace it/);
    writeFileSync(file(1), gzipSync(encodeIdx({ shape: [4], values: new Uint8Array(4) })));
    assert.throws(() => readIdxPairs(home, names), /has 3 images in train-images-idx3-ubyte, but 4 labels/);
    writeFileSync(file(0), gzipSync(small(3, 1)[0]!).subarray(0, 20));
    assert.throws(() => readIdxPairs(home, names), /cannot be unpacked .*cut short or damaged; replace it/);
    writeFileSync(file(0), gzipSync(Buffer.from('hello, I am a text')));
    assert.throws(() => readIdxPairs(home, names), /must begin with 00 00 08/);
  });

  it('of a data set that is not there are asked for by name, with the folder and the command', async () => {
    await assert.rejects(loadDataset('mnist', assets), (error: Error) => {
      assert.match(error.message, /mnist is not on this machine \(looked in .*mnist\)\. Fetch it with: efcp data fetch mnist\. Without a connection, bring train-images-idx3-ubyte\.gz \(9\.\d+ MiB\), /);
      assert.ok(error.message.includes(`put them into ${path.join(home, 'mnist')}`));
      return true;
    });
    await assert.rejects(loadDataset('cifar-10', assets), /cifar-10 is not on this machine.*bring cifar-10-binary\.tar\.gz/);
  });

  it('of Fashion-MNIST, as Debian packs them, are 60,000 and 10,000 real images, as many of each class', async function () {
    this.timeout(180_000);
    const found = await fashionMnist();
    if ('missing' in found) {
      console.log(`    not run: ${found.missing}`);
      this.skip();
    }
    process.env['EFCP_DATA_HOME'] = path.dirname(found.folder);
    const dataset = await loadDataset('fashion-mnist', assets);
    assert.deepEqual([dataset.examples, dataset.ownValidation, dataset.inputs[0]!.shape], [70_000, 10_000, [28, 28, 1]]);
    const { train, validation } = splitOf(dataset, 0.1, 1);
    for (const [examples, each] of [[train, 6000], [validation, 1000]] as const) {
      const counts = new Array<number>(10).fill(0);
      for (let from = 0; from < examples.length; from += 5000) dataset.make(examples.subarray(from, from + 5000)).labels.values.forEach(label => { counts[label]!++; });
      assert.deepEqual(counts, new Array<number>(10).fill(each));
    }
    // Mean 0 and deviation 1 over a part, where the table's figures are of all training images.
    const values = dataset.make(train.subarray(0, 10_000)).inputs[0]!.values as Float32Array;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length - mean * mean);
    assert.ok(Math.abs(mean) < 0.01 && Math.abs(deviation - 1) < 0.01, `${mean} ${deviation}`);
  });
});
