import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { scaleByAdam } from '../../../src/optimizers/adam';
import { scaleByMuon } from '../../../src/optimizers/muon';
import { relativeDistance } from '../kernels/randomVector';
import { entriesOf, lengthOf, product, rowsOf, scaled, sum, transpose, type Rows } from './plainMatrices';
import { gradientsOf, run } from './runTransformation';

const settings = { momentum: 0.9, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 };

function plainNewtonSchulz(matrix: Rows): Rows {
  let x: Rows = scaled(matrix, 1 / lengthOf(matrix));
  for (let step = 0; step < 5; step++) {
    const gram = product(x, transpose(x));
    x = sum(scaled(x, 3.4445), product(sum(scaled(gram, -4.775), scaled(product(gram, gram), 2.0315)), x));
  }
  return x;
}

function plainMuon(gradients: readonly Rows[], momentum: number): Rows[] {
  let velocity: Rows = scaled(gradients[0]!, 0);
  return gradients.map(gradient => {
    velocity = sum(scaled(velocity, momentum), gradient);
    return scaled(plainNewtonSchulz(sum(gradient, scaled(velocity, momentum))), 0.2 * Math.sqrt(Math.max(gradient.length, gradient[0]!.length)));
  });
}

describe('muon', () => {
  for (const { shape, columns } of [{ shape: [6, 4], columns: 4 }, { shape: [4, 6], columns: 6 }, { shape: [5, 5], columns: 5 }, { shape: [3, 3, 2, 4], columns: 4 }, { shape: [1, 5], columns: 5 }]) {
    for (const momentum of [0, 0.9]) {
      it(`a tensor of shape [${shape.join(', ')}] at momentum ${momentum} moves as in plain float64, for 20 steps`, () => {
        const gradients = gradientsOf(shape.reduce((total, side) => total * side, 1), 20);
        const { updates } = run(scaleByMuon({ ...settings, momentum }), [shape], gradients);
        const expected = plainMuon(gradients.map(gradient => rowsOf(gradient, columns)), momentum);
        updates.forEach((update, step) => assert.ok(relativeDistance(update, entriesOf(expected[step]!)) < 1e-4, `step ${step + 1}`));
      });
    }
  }

  it('by hand: one number moves by 0.2 times the polynomial of its sign', () => {
    const { updates } = run(scaleByMuon(settings), [[1, 1]], [Float32Array.of(5), Float32Array.of(-0.01)]);
    // The polynomial of 1, five times over, is 0.69644; the second step looks ahead along the first: -0.01 + 0.9 (4.5 - 0.01) > 0.
    assert.ok(updates.every(update => Math.abs(update[0]! - 0.2 * 0.69644) < 1e-5));
  });

  it('tensors of fewer than two dimensions move exactly as under Adam', () => {
    const gradients = gradientsOf(9, 10);
    const adam = scaleByAdam({ beta1: () => settings.beta1, beta2: () => settings.beta2, epsilon: () => settings.epsilon });
    assert.deepEqual(run(scaleByMuon(settings), [[8], []], gradients).updates, run(adam, [[8], []], gradients).updates);
  });

  it('each tensor moves as if it were alone', () => {
    const [a, b, c] = [gradientsOf(12, 6), gradientsOf(5, 6, 3), gradientsOf(20, 6, 0.1)];
    const together = a.map((gradient, step) => Float32Array.of(...gradient, ...b[step]!, ...c[step]!));
    const alone = [run(scaleByMuon(settings), [[3, 4]], a), run(scaleByMuon(settings), [[5]], b), run(scaleByMuon(settings), [[10, 2]], c)];
    assert.deepEqual(run(scaleByMuon(settings), [[3, 4], [5], [10, 2]], together).updates, a.map((_, step) => Float32Array.of(...alone.flatMap(({ updates }) => [...updates[step]!]))));
  });

  it('the size of the gradients makes no difference to a matrix', () => {
    fc.assert(fc.property(fc.integer({ min: -25, max: 25 }), power => {
      const gradients = gradientsOf(20, 4);
      const plain = run(scaleByMuon(settings), [[4, 5]], gradients).updates;
      const sized = run(scaleByMuon(settings), [[4, 5]], gradients.map(gradient => gradient.map(value => value * 10 ** power))).updates;
      plain.forEach((update, step) => assert.ok(relativeDistance(sized[step]!, update) < 1e-4));
    }));
  });
});
