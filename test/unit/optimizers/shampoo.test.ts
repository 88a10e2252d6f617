import assert from 'node:assert/strict';
import { scaleByShampoo } from '../../../src/optimizers/shampoo';
import { norm, relativeDistance } from '../kernels/randomVector';
import { entriesOf, functionOf, identity, lengthOf, product, rowsOf, scaled, sum, transpose, type Rows } from './plainMatrices';
import { gradientsOf, run } from './runTransformation';

const settings = { beta2: 0.9, epsilon: 1e-3, preconditionInterval: 1, matrixLimit: 1024, momentum: 0 };

interface Plain {
  readonly beta2: number;
  readonly interval: number;
  readonly sides: 'both' | 'left' | 'right';
  readonly momentum: number;
}

/** One matrix in float64, roots by Jacobi's eigenvalues. */
function plainShampoo(gradients: readonly Rows[], { beta2, interval, sides, momentum }: Plain): Rows[] {
  const { epsilon } = settings;
  const power = sides === 'both' ? -1 / 4 : -1 / 2;
  const [A, B] = [gradients[0]!.length, gradients[0]![0]!.length];
  let [left, right] = [scaled(identity(A), 0), scaled(identity(B), 0)];
  let [leftRoot, rightRoot]: [Rows, Rows] = [identity(A), identity(B)];
  let velocity: Rows = scaled(gradients[0]!, 0);
  return gradients.map((gradient, index) => {
    const weight = beta2 < 1 ? 1 - beta2 : 1;
    left = sum(scaled(left, beta2), scaled(product(gradient, transpose(gradient)), weight));
    right = sum(scaled(right, beta2), scaled(product(transpose(gradient), gradient), weight));
    const correction = beta2 < 1 ? 1 - beta2 ** (index + 1) : 1;
    const root = (statistics: Rows) => functionOf(scaled(statistics, 1 / correction), value => (Math.max(0, value) + epsilon) ** power);
    if (index % interval === 0) [leftRoot, rightRoot] = [sides === 'right' ? identity(A) : root(left), sides === 'left' ? identity(B) : root(right)];
    const preconditioned = product(leftRoot, gradient, rightRoot);
    velocity = sum(scaled(velocity, momentum), scaled(preconditioned, lengthOf(gradient) / lengthOf(preconditioned)));
    return velocity;
  });
}

describe('shampoo', () => {
  const cases: { shape: number[]; columns: number; sides?: Plain['sides']; matrixLimit?: number; beta2?: number; interval?: number; momentum?: number }[] = [
    { shape: [5, 5], columns: 5 }, { shape: [6, 4], columns: 4, interval: 4 }, { shape: [3, 7], columns: 7, beta2: 1 }, { shape: [2, 1, 3, 2], columns: 2, beta2: 1, interval: 3, momentum: 0.8 },
    { shape: [6, 4], columns: 4, sides: 'right', matrixLimit: 5 }, { shape: [4, 6], columns: 6, sides: 'left', matrixLimit: 5, beta2: 1 }, { shape: [7], columns: 1, sides: 'left' },
  ];

  for (const { shape, columns, sides = 'both', matrixLimit = 1024, beta2 = 0.9, interval = 1, momentum = 0 } of cases) {
    it(`shape [${shape.join(', ')}], ${sides}, beta2 ${beta2}, roots every ${interval}, momentum ${momentum}: as in plain float64, for 20 steps`, () => {
      const gradients = gradientsOf(shape.reduce((total, side) => total * side, 1), 20);
      const { updates } = run(scaleByShampoo({ ...settings, beta2, matrixLimit, momentum, preconditionInterval: interval }), [shape], gradients);
      const expected = plainShampoo(gradients.map(gradient => rowsOf(gradient, columns)), { beta2, interval, sides, momentum });
      updates.forEach((update, step) => assert.ok(relativeDistance(update, entriesOf(expected[step]!)) < 1e-4, `step ${step + 1}: ${relativeDistance(update, entriesOf(expected[step]!))}`));
    });
  }

  it('by hand: of diag(3, 4), both roots together divide by the gradient itself', () => {
    // L = R = diag(9, 16), so P = diag(3 / sqrt(9), 4 / sqrt(16)) = I, and |G| / |I| = 5 / sqrt(2).
    const { updates: [first] } = run(scaleByShampoo({ ...settings, beta2: 1, epsilon: 1e-12 }), [[2, 2]], [Float32Array.of(3, 0, 0, 4)]);
    assert.ok(relativeDistance(first!, [5 / Math.SQRT2, 0, 0, 5 / Math.SQRT2]) < 1e-5);
  });

  it('an update is as long as its gradient, tensor by tensor', () => {
    const gradients = gradientsOf(29, 6).map((gradient, index) => gradient.map(value => value * 10 ** (3 * index - 9)));
    run(scaleByShampoo(settings), [[4, 6], [5]], gradients).updates.forEach((update, step) => {
      for (const [from, to] of [[0, 24], [24, 29]] as const) {
        const wanted = norm(gradients[step]!.subarray(from, to));
        assert.ok(Math.abs(norm(update.subarray(from, to)) / wanted - 1) < 1e-5);
      }
    });
  });

  it('where every side is too long, the update is the gradient', () => {
    const gradients = gradientsOf(29, 4);
    const { updates } = run(scaleByShampoo({ ...settings, matrixLimit: 3 }), [[4, 6], [5]], gradients);
    assert.deepEqual(updates, gradients);
  });
});
