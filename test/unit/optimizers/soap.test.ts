import assert from 'node:assert/strict';
import { scaleByAdam } from '../../../src/optimizers/adam';
import { scaleBySoap } from '../../../src/optimizers/soap';
import { relativeDistance } from '../kernels/randomVector';
import { entriesOf, identity, jacobi, map, orthogonal, product, rowsOf, scaled, sum, transpose, type Rows } from './plainMatrices';
import { normalVector } from '../kernels/randomVector';
import { gradientsOf, run } from './runTransformation';

const settings = { beta1: 0.8, beta2: 0.9, epsilon: 1e-8, preconditionInterval: 1000, matrixLimit: 1024 };

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, value, at) => total + value * b[at]!, 0);

/** Rows in descending order of their eigenvalue estimates, then Gram-Schmidt of their images; and the order itself. */
function followed(basis: Rows, statistics: Rows): { basis: Rows; order: number[] } {
  const images = product(basis, statistics);
  const estimates = images.map((image, row) => dot(image, basis[row]!));
  const order = estimates.map((_, row) => row).sort((a, b) => estimates[b]! - estimates[a]!);
  const largest = Math.max(...estimates);
  const shifted = order.map(row => images[row]!.map((value, at) => value / largest + 1e-6 * basis[row]![at]!));
  return { basis: orthogonal(shifted.flat(), basis.length), order };
}

/** One matrix in float64, from the bases that the first gradient gave. */
function plainSoap(gradients: readonly Rows[], firstLeft: Rows, firstRight: Rows, interval: number): Rows[] {
  const { beta1, beta2, epsilon } = settings;
  let [P, Q] = [firstLeft, firstRight];
  let [left, right] = [scaled(P, 0), scaled(Q, 0)];
  let [first, second]: [Rows, Rows] = [scaled(gradients[0]!, 0), scaled(gradients[0]!, 0)];
  return gradients.map((gradient, t) => {
    left = sum(scaled(left, beta2), scaled(product(gradient, transpose(gradient)), 1 - beta2));
    right = sum(scaled(right, beta2), scaled(product(transpose(gradient), gradient), 1 - beta2));
    if (t === 0) return scaled(gradient, 0);
    first = sum(scaled(first, beta1), scaled(gradient, 1 - beta1));
    second = sum(scaled(second, beta2), scaled(map(product(P, gradient, transpose(Q)), value => value ** 2), 1 - beta2));
    const moved = map(product(P, first, transpose(Q)), (value, row, column) => value / (1 - beta1 ** t) / (Math.sqrt(second[row]![column]! / (1 - beta2 ** t)) + epsilon));
    const update = product(transpose(P), moved, Q);
    if (t % interval === 0) {
      const [ofLeft, ofRight] = [followed(P, left), followed(Q, right)];
      [P, Q] = [ofLeft.basis, ofRight.basis];
      second = ofLeft.order.map(row => ofRight.order.map(column => second[row]![column]!));
    }
    return update;
  });
}

describe('soap', () => {
  for (const [shape, columns] of [[[5, 5], 5], [[4, 6], 6], [[7, 3], 3], [[2, 1, 3, 4], 4]] as [number[], number][]) {
    for (const preconditionInterval of [1000, 1, 3]) {
      it(`a tensor of shape [${shape.join(', ')}], bases followed every ${preconditionInterval} steps, moves as in plain float64, for 20 steps`, () => {
        const gradients = gradientsOf(shape.reduce((total, side) => total * side, 1), 20);
        const plain = gradients.map(gradient => rowsOf(gradient, columns));
        const [{ left, right } = assert.fail()] = run(scaleBySoap(settings), [shape], gradients.slice(0, 1)).state.matrices;
        const [P, Q] = [rowsOf(left!.bases, plain[0]!.length), rowsOf(right!.bases, columns)];
        const { updates } = run(scaleBySoap({ ...settings, preconditionInterval }), [shape], gradients);
        const expected = plainSoap(plain, P, Q, preconditionInterval);
        assert.deepEqual(updates[0], new Float32Array(updates[0]!.length));
        updates.slice(1).forEach((update, step) => {
          const distance = relativeDistance(update, entriesOf(expected[step + 1]!));
          assert.ok(distance < 1e-3, `step ${step + 2}: ${distance}`);
        });
      });
    }
  }

  it('the first bases are orthonormal, diagonalise the first gradient\'s statistics, and begin with the largest eigenvalue', () => {
    const gradient = gradientsOf(24, 1)[0]!;
    const plain = rowsOf(gradient, 6);
    const [{ left, right } = assert.fail()] = run(scaleBySoap(settings), [[4, 6]], [gradient]).state.matrices;
    for (const [side, statistics] of [[left, product(plain, transpose(plain))], [right, product(transpose(plain), plain)]] as const) {
      const basis = rowsOf(side!.bases, statistics.length);
      assert.ok(relativeDistance(entriesOf(product(basis, transpose(basis))), entriesOf(identity(basis.length))) < 1e-6);
      const diagonal = product(basis, statistics, transpose(basis));
      const eigenvalues = jacobi(statistics).values.sort((a, b) => b - a);
      assert.ok(relativeDistance(entriesOf(diagonal), entriesOf(map(diagonal, (_, row, column) => row === column ? eigenvalues[row]! : 0))) < 1e-5);
    }
  });

  it('by hand: in the eigenbasis of diag(3, 4) a second gradient diag(3, 4) becomes the identity', () => {
    const gradient = Float32Array.of(3, 0, 0, 4);
    const { updates } = run(scaleBySoap(settings), [[2, 2]], [gradient, gradient.slice()]);
    assert.ok(relativeDistance(updates[1]!, [1, 0, 0, 1]) < 1e-5);
  });

  it('turning rows and columns of every gradient turns every update alike', () => {
    const gradients = gradientsOf(25, 12);
    const [U, V] = [orthogonal(normalVector(25, 1), 5), orthogonal(normalVector(25, 2), 5)];
    const turn = (flat: Float32Array) => Float32Array.from(entriesOf(product(U, rowsOf(flat, 5), transpose(V))));
    const often = { ...settings, preconditionInterval: 2 };
    const [plain, turned] = [run(scaleBySoap(often), [[5, 5]], gradients).updates, run(scaleBySoap(often), [[5, 5]], gradients.map(turn)).updates];
    plain.slice(1).forEach((update, step) => assert.ok(relativeDistance(turned[step + 1]!, turn(update)) < 1e-3, `step ${step + 2}`));
    // Adam knows no other basis than its own.
    const adam = scaleByAdam({ beta1: () => 0.8, beta2: () => 0.9, epsilon: () => 1e-8 });
    assert.ok(relativeDistance(run(adam, [[25]], gradients.map(turn)).updates[11]!, turn(run(adam, [[25]], gradients).updates[11]!)) > 0.1);
  });

  it('where every side is too long, and in one dimension, it is Adam to the bit', () => {
    const gradients = gradientsOf(31, 10);
    const adam = scaleByAdam({ beta1: () => settings.beta1, beta2: () => settings.beta2, epsilon: () => settings.epsilon });
    assert.deepEqual(run(scaleBySoap({ ...settings, matrixLimit: 3 }), [[4, 6], [7]], gradients).updates, run(adam, [[4, 6], [7]], gradients).updates);
  });
});
