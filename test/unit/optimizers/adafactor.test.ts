import assert from 'node:assert/strict';
import { scaleByAdafactor } from '../../../src/optimizers/adafactor';
import { norm, relativeDistance } from '../kernels/randomVector';
import { entriesOf, map, rowsOf, scaled, sum, transpose, type Rows } from './plainMatrices';
import { gradientsOf, run } from './runTransformation';

const epsilon = 1e-30;
const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

/** One tensor as the paper has it, in float64: `rows` undefined for a tensor that is not factored. */
function plainAdafactor(gradients: readonly Rows[], isFactored: boolean, eps = epsilon): Rows[] {
  let [rowMeans, columnMeans, second]: [number[], number[], Rows] = [[], [], []];
  return gradients.map((gradient, index) => {
    const decay = 1 - (index + 1) ** -0.8;
    const squares = map(gradient, value => value ** 2 + eps);
    const blend = (before: readonly number[], now: readonly number[]) => now.map((value, at) => decay * (before[at] ?? 0) + (1 - decay) * value);
    rowMeans = blend(rowMeans, squares.map(mean));
    columnMeans = blend(columnMeans, transpose(squares).map(mean));
    second = index === 0 ? squares : sum(scaled(second, decay), scaled(squares, 1 - decay));
    const update = map(gradient, (value, row, column) => value / Math.sqrt(isFactored ? rowMeans[row]! * columnMeans[column]! / mean(rowMeans) : second[row]![column]!));
    return scaled(update, 1 / Math.max(1, Math.sqrt(mean(entriesOf(update).map(value => value ** 2)))));
  });
}

describe('adafactor', () => {
  const tensors = [{ shape: [6, 4], rows: 6 }, { shape: [2, 3, 5], rows: 2 }, { shape: [1, 3], rows: 1 }, { shape: [7], rows: 1 }, { shape: [], rows: 1 }];

  for (const { shape, rows } of tensors) {
    it(`a tensor of shape [${shape.join(', ')}] moves as in plain float64, for 20 steps`, () => {
      const length = shape.reduce((product, side) => product * side, 1);
      const gradients = gradientsOf(length, 20).map((gradient, index) => gradient.map(value => value * 10 ** (index % 5 - 2)));
      const { updates } = run(scaleByAdafactor({ epsilon }), [shape], gradients);
      const expected = plainAdafactor(gradients.map(gradient => rowsOf(gradient, length / rows)), shape.length >= 2);
      updates.forEach((update, step) => assert.ok(relativeDistance(update, entriesOf(expected[step]!)) < 1e-5, `step ${step + 1}`));
    });
  }

  it('by hand: row means 2.5 and 12.5, column means 5 and 10, their mean 7.5', () => {
    const { updates: [first] } = run(scaleByAdafactor({ epsilon }), [[2, 2]], [Float32Array.of(1, -2, 3, 4)]);
    const expected = [1 / Math.sqrt(2.5 * 5 / 7.5), -2 / Math.sqrt(2.5 * 10 / 7.5), 3 / Math.sqrt(12.5 * 5 / 7.5), 4 / Math.sqrt(12.5 * 10 / 7.5)];
    assert.ok(relativeDistance(first!, expected) < 1e-6);
  });

  it('squares of rank one lose nothing in the factors: the first update is the sign of the gradient', () => {
    const gradient = Float32Array.from({ length: 12 }, (_, at) => (at % 3 === 1 ? -1 : 1) * 2 ** (Math.floor(at / 4) - at % 4));
    const { updates: [first] } = run(scaleByAdafactor({ epsilon }), [[3, 4]], [gradient]);
    assert.ok(relativeDistance(first!, gradient.map(Math.sign)) < 1e-6);
  });

  it('bounds the root mean square of every tensor\'s update by 1, whatever jump the gradient makes', () => {
    const gradients = gradientsOf(31, 12).map((gradient, index) => gradient.map(value => value * (index === 9 ? 1e4 : 1)));
    const { updates } = run(scaleByAdafactor({ epsilon }), [[6, 4], [7]], gradients);
    const sizes = updates.map(update => [norm(update.subarray(0, 24)) / Math.sqrt(24), norm(update.subarray(24)) / Math.sqrt(7)]);
    assert.ok(sizes.flat().every(size => size < 1 + 1e-6));
    assert.ok(sizes[9]!.every(size => size > 1 - 1e-6));
    assert.ok(sizes.flat().some(size => size < 0.99));
  });

  it('epsilon keeps a gradient far below its root from being blown up', () => {
    const { updates: [first] } = run(scaleByAdafactor({ epsilon: 1e-6 }), [[2, 2]], [Float32Array.of(1e-6, -1e-6, 1e-6, 1e-6)]);
    assert.ok(relativeDistance(first!, [1e-3, -1e-3, 1e-3, 1e-3]) < 1e-5);
  });
});
