import assert from 'node:assert/strict';
import { loadBackend } from '../../../src/backends/loadBackend';
import { batchOf, trainingBatches } from '../../../src/data/batches';
import { idxImages } from '../../../src/data/idxImages';
import { imageDataset, type ImageSource, type ImageTreatment } from '../../../src/data/images';
import { drawMoves, noAugmentation, type Move } from '../../../src/data/moves';
import { splitOf } from '../../../src/data/split';
import { assets } from '../../support/assets';

const plain: ImageTreatment = { border: 'zero', augmentation: noAugmentation };

describe('data: images', () => {
  const grey = idxImages('small', 10, {
    images: { shape: [2, 3, 3], values: Uint8Array.from({ length: 2 * 9 }, (_, index) => index + 1) }, labels: { shape: [2], values: Uint8Array.of(4, 7) },
  });
  /** Two channels, 4 high and 3 wide, every level another. */
  const colour = (layout: ImageSource['layout']): ImageSource => ({
    name: 'colour', examples: 1, ownValidation: 0, classes: 2, shape: [4, 3, 2], layout, bytes: 24, close: () => undefined,
    read: () => ({ pixels: Uint8Array.from({ length: 24 }, (_, at) => (layout === 'planar' ? at : at % 2 * 12 + (at >> 1)) * 10), label: 1 }),
  });
  const allMoves = Array.from({ length: 7 * 7 }, (_, index): Move => [Math.floor(index / 7) - 3, index % 7 - 3]);

  it('are moved as a whole, with zeros where they came from', () => {
    const dataset = imageDataset(grey, plain);
    for (const [down, right] of allMoves) {
      const { inputs: [images], labels } = dataset.make(Uint32Array.of(1, 0), [[down, right], [down, right]]);
      const moved = (first: number) => Array.from({ length: 9 }, (_, at) => {
        const [y, x] = [Math.floor(at / 3) - down, at % 3 - right];
        return y >= 0 && y < 3 && x >= 0 && x < 3 ? Math.fround((first + y * 3 + x + 1) / 255) : 0;
      });
      assert.deepEqual([...images!.values], [...moved(9), ...moved(0)], `down ${down}, right ${right}`);
      assert.deepEqual([...labels.values], [7, 4]);
    }
  });

  it('are padded by reflection, mirrored and normalised by channel as written out, whatever the layout of their bytes', () => {
    const treatment: ImageTreatment = { border: 'reflect', augmentation: { reach: 2, mirror: true }, normalisation: { mean: [0.25, 0.5], deviation: [0.5, 2] } };
    const [planar, interleaved] = [imageDataset(colour('planar'), treatment), imageDataset(colour('interleaved'), treatment)];
    const pad = 2;
    // The reference pads the whole picture first, then crops.
    const row = (channel: number, y: number) => [0, 1, 2].map(x => (channel * 12 + y * 3 + x) * 10);
    const reflected = <Value>(values: readonly Value[]) => [...values.slice(1, 1 + pad).toReversed(), ...values, ...values.slice(-1 - pad, -1).toReversed()];
    const padded = [0, 1].map(channel => reflected(Array.from({ length: 4 }, (_, y) => reflected(row(channel, y)))));
    for (let down = -pad; down <= pad; down++) {
      for (let right = -pad; right <= pad; right++) {
        for (const mirrored of [false, true]) {
          const expected = Array.from({ length: 24 }, (_, at) => {
            const [y, x, channel] = [Math.floor(at / 6), Math.floor(at / 2) % 3, at % 2];
            const level = padded[channel]![y + pad - down]![(mirrored ? 2 - x : x) + pad - right]!;
            return Math.fround((level / 255 - [0.25, 0.5][channel]!) / [0.5, 2][channel]!);
          });
          for (const dataset of [planar, interleaved]) assert.deepEqual([...dataset.make(Uint32Array.of(0), [[down, right, mirrored]]).inputs[0]!.values], expected, `${down}, ${right}, ${mirrored}`);
        }
      }
    }
  });
});

describe('data: moves', () => {
  const draw = (reach: number, mirror: boolean, seed: number, epoch: number, drawn = 0) => {
    const next = drawMoves({ reach, mirror }, seed, epoch, drawn);
    return Array.from({ length: 500 }, () => next().join());
  };

  it('reach every place within their reach and none beyond, the same for the same seed and epoch', () => {
    assert.equal(new Set(draw(2, false, 1, 0)).size, 25);
    assert.equal(new Set(draw(1, true, 1, 0)).size, 18, 'each of nine places as it is and mirrored');
    assert.deepEqual(draw(2, false, 1, 0), draw(2, false, 1, 0));
    assert.notDeepEqual(draw(2, false, 1, 0), draw(2, false, 1, 1));
    assert.deepEqual(new Set(draw(0, false, 1, 0)), new Set(['0,0']));
  });

  it('are those that runs of earlier versions drew', () => {
    const next = drawMoves({ reach: 2, mirror: false }, 7, 3);
    assert.deepEqual(Array.from({ length: 6 }, () => next().join()), ['0,-1', '-1,1', '1,0', '1,1', '2,2', '-2,2']);
  });

  it('follow from the place in the epoch, not from what was drawn before', () => {
    assert.deepEqual(draw(4, true, 5, 2, 100).slice(0, 400), draw(4, true, 5, 2).slice(100));
  });
});

describe('data: batches', () => {
  before(() => loadBackend('cpu', { assets }));

  const source = idxImages('small', 10, {
    images: { shape: [20, 3, 3], values: Uint8Array.from({ length: 180 }, (_, index) => index) }, labels: { shape: [20], values: Uint8Array.from({ length: 20 }, (_, index) => index % 10) },
  }, { images: { shape: [4, 3, 3], values: new Uint8Array(36).fill(200) }, labels: { shape: [4], values: Uint8Array.of(1, 2, 3, 4) } });
  const dataset = imageDataset(source, { border: 'reflect', augmentation: { reach: 2, mirror: true } });
  const settings = { seed: 3, batchSize: 8, augmentation: dataset.augmentation };

  it('hold the same examples, moved alike, however they are cut and wherever the epoch is entered', () => {
    const { train } = splitOf(dataset, 0.1, 3);
    const read = (cut: number, taken: number) => [...trainingBatches(dataset, train, settings, 1, taken)].map(batch => {
      const rows: number[][] = [];
      for (let from = 0; from < batch.examples; from += cut) {
        const { inputs: [inputs], labels } = batch.make(from, Math.min(from + cut, batch.examples));
        assert.deepEqual(inputs!.shape, [labels.size, 3, 3, 1]);
        rows.push(...Array.from({ length: labels.size }, (_, row) => [labels.dataSync()[row]!, ...inputs!.dataSync().subarray(row * 9, (row + 1) * 9)]));
        inputs!.dispose();
        labels.dispose();
      }
      return rows;
    });
    const whole = read(8, 0);
    assert.deepEqual(whole.map(rows => rows.length), [8, 8, 4]);
    for (const cut of [1, 3, 5]) assert.deepEqual(read(cut, 0), whole, `slices of ${cut}`);
    assert.deepEqual(read(8, 1), whole.slice(1));
    assert.deepEqual(whole.flat().map(([label]) => label).toSorted((a, b) => a! - b!), Array.from({ length: 20 }, (_, index) => index >> 1), 'every training example once');
  });

  it('of validation are the examples that the files bring for it, as they are', () => {
    const { train, validation } = splitOf(dataset, 0.1, 3);
    assert.deepEqual([train.length, [...validation]], [20, [20, 21, 22, 23]]);
    const { inputs: [inputs], labels } = batchOf(dataset, validation).make(1, 3);
    assert.deepEqual([inputs!.shape, [...labels.dataSync()]], [[2, 3, 3, 1], [2, 3]]);
    assert.deepEqual(new Set(inputs!.dataSync()), new Set([Math.fround(200 / 255)]));
    inputs!.dispose();
    labels.dispose();
  });
});
