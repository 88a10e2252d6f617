import assert from 'node:assert/strict';
import { features } from '../../../src/data/features';

const width = 768;
const numbered = (count: number, from = 0, step = 1) => Uint32Array.from({ length: count }, (_, index) => from + step * index);
const rowsOf = (examples: Uint32Array, seed = 1) => {
  const { values } = features(seed).make(examples).inputs[0]!;
  return Array.from(examples, (_, row) => values.slice(row * width, (row + 1) * width));
};

describe('data: made-up features', () => {
  it('are 20,000 examples of 768 numbers, as many in each of 1,000 classes, and hold 6,144 bytes', () => {
    const data = features(1);
    const { inputs: [x], labels } = data.make(numbered(4000, 16_000));
    assert.deepEqual([data.examples, data.classes, data.bytes, x!.shape, labels.shape], [20_000, 1000, 6144, [4000, width], [4000]]);
    const counts = new Uint32Array(1000);
    labels.values.forEach(label => { counts[label]!++; });
    assert.deepEqual([...new Set(counts)], [4]);
    const square = (x!.values as Float32Array).reduce((sum, value) => sum + value * value, 0) / x!.values.length;
    assert.ok(square > 1 && square < 1.1, `the mean square is ${square}`);
  });

  it('follow from seed and example alone, whatever is made beside them', () => {
    const [alone] = rowsOf(Uint32Array.of(1234));
    assert.deepEqual(rowsOf(Uint32Array.of(7, 1234, 19_999))[1], alone);
    assert.notDeepEqual(rowsOf(Uint32Array.of(1234), 2)[0], alone);
    assert.notDeepEqual(rowsOf(Uint32Array.of(2234))[0], alone, 'examples of one class differ');
  });

  it('are correlated, so that their covariance is ill-conditioned', () => {
    const rows = rowsOf(numbered(2000));
    const along = (sign: (place: number) => number) => rows.reduce((sum, row) => {
      let product = 0;
      for (let place = 0; place < 256; place++) product += sign(place) * row[place]!;
      return sum + product * product;
    }, 0);
    // Columns of Walsh and Hadamard's matrix: of ones, and of the parity of all bits.
    const parity = (place: number) => (place.toString(2).replaceAll('0', '').length % 2 === 0 ? 1 : -1);
    const ratio = along(() => 1) / along(parity);
    assert.ok(ratio > 500 && ratio < 1000, `the variances' ratio is ${ratio}`);
  });

  it('can be learnt: the nearest of 20 class means, by 15 examples each, is right far more often than by chance', () => {
    const classes = 20;
    const means = Array.from({ length: classes }, (_, label) => {
      const rows = rowsOf(numbered(15, label, 1000));
      return Float32Array.from({ length: width }, (__, place) => rows.reduce((sum, row) => sum + row[place]!, 0) / rows.length);
    });
    const distance = (row: ArrayLike<number>, mean: Float32Array) => mean.reduce((sum, value, place) => sum + ((row[place] ?? 0) - value) ** 2, 0);
    let right = 0;
    for (let label = 0; label < classes; label++) {
      for (const row of rowsOf(numbered(5, 15_000 + label, 1000))) {
        const distances = means.map(mean => distance(row, mean));
        if (distances.indexOf(Math.min(...distances)) === label) right++;
      }
    }
    assert.ok(right >= 25, `${right} of 100, where chance finds 5`);
  });
});
