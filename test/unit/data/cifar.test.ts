import assert from 'node:assert/strict';
import { truncateSync, writeFileSync, copyFileSync, mkdtempSync, rmSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cifarTreatment, openCifar } from '../../../src/data/cifar';
import { cifarShapedImages } from '../../../src/data/cifarShaped';
import { imageDataset } from '../../../src/data/images';
import { splitOf } from '../../../src/data/split';
import { assets } from '../../support/assets';
import { realImages, type RealImages } from '../../support/realImages';

describe('data: CIFAR\'s binary format', function () {
  this.timeout(180_000);
  let real: RealImages;
  before(async () => { real = await realImages(50); });
  after(() => { real.dataset.close(); });

  it('gives back real images as they were written, record by record', () => {
    const { dataset, source, examples } = real;
    const images = openCifar(real.folder, real.files);
    assert.deepEqual([dataset.examples, dataset.ownValidation, dataset.classes, dataset.inputs], [300, 50, 10, [{ shape: [32, 32, 3], dtype: 'float32' }]]);
    for (const place of [299, 0, 50, 49, 123]) {
      const [written, read] = [source.read(examples[place]!), images.read(place)];
      assert.deepEqual([read.label, Buffer.from(read.pixels)], [written.label, Buffer.from(written.pixels)], `example ${place}`);
    }
    images.close();
    assert.ok(dataset.bytes < 4000, 'the files are not held in memory');
  });

  it('are normalised by the means and deviations of CIFAR\'s channels, channels last', () => {
    const { values } = real.dataset.make(Uint32Array.of(7)).inputs[0]!;
    const { pixels } = real.source.read(real.examples[7]!);
    const { mean, deviation } = cifarTreatment.normalisation!;
    assert.ok(pixels.some(level => level > 0));
    for (let at = 0; at < values.length; at++) {
      const [place, channel] = [Math.floor(at / 3), at % 3];
      assert.equal(values[at], Math.fround((pixels[channel * 1024 + place]! / 255 - mean[channel]!) / deviation[channel]!));
    }
  });

  it('has the test batch for validation', () => {
    const { train, validation } = splitOf(real.dataset, 0.3, 1);
    assert.deepEqual([train.length, validation[0], validation.length], [250, 250, 50]);
  });

  describe('refuses', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'efcp-cifar-'));
      for (const file of [...real.files.train, ...real.files.validation]) copyFileSync(path.join(real.folder, file), path.join(folder, file));
    });
    afterEach(() => { rmSync(folder, { recursive: true }); });
    const third = () => path.join(folder, 'data_batch_3.bin');

    it('a file that is missing, cut short or of another kind, and says what must be there', () => {
      truncateSync(third(), 50 * 3073 - 1);
      assert.throws(() => openCifar(folder, real.files), /data_batch_3\.bin has 153649 bytes, but must have 153650: 50 records of 3073\..*efcp data verify/);
      rmSync(third());
      assert.throws(() => openCifar(folder, real.files), /data_batch_3\.bin cannot be read .*must hold 50 images/);
    });

    it('a label out of range, and a file that shrinks while it is open', () => {
      const bytes = readFileSync(third());
      bytes[3073 * 4] = 10;
      writeFileSync(third(), bytes);
      const images = imageDataset(openCifar(folder, real.files), cifarTreatment);
      assert.throws(() => images.make(Uint32Array.of(104)), /Record 4 of .*data_batch_3\.bin has the label 10, which must be from 0 to 9/);
      truncateSync(third(), 1000);
      assert.throws(() => images.make(Uint32Array.of(100)), /Record 0 of .*data_batch_3\.bin ends before its end/);
      images.close();
    });
  });

  it('is what measurements get where there is no CIFAR: real images in its shape', async () => {
    const images = await cifarShapedImages(assets);
    assert.deepEqual(images.shape, [32, 32, 3]);
    const labels = new Set(Array.from({ length: 200 }, (_, index) => images.read(Math.floor(index * images.examples / 200)).label));
    assert.equal(labels.size, 10);
    images.close();
  });
});
