import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createProductScratch } from '../../../src/kernels/matrixProduct';
import { findEigenbasis, followEigenbasis } from '../../../src/optimizers/matrices/eigenbasis';
import { relativeDistance, normalVector } from '../kernels/randomVector';
import { entriesOf, identity, orthogonal, product, rowsOf, transpose, type Rows } from './plainMatrices';

const n = 6;
const scratch = () => ({ square: new Float64Array(n * n), values: new Float64Array(n), beside: new Float64Array(n), product: createProductScratch(n) });
const diagonal = (values: readonly number[]): Rows => values.map((value, row) => values.map((_, column) => row === column ? value : 0));

/** A symmetric matrix with these eigenvalues, and the eigenvectors as rows. */
function symmetric(eigenvalues: readonly number[], seed: number): { statistics: Float32Array; vectors: Rows } {
  const vectors = orthogonal(normalVector(n * n, seed), n);
  return { statistics: Float32Array.from(entriesOf(product(transpose(vectors), diagonal(eigenvalues), vectors))), vectors };
}

const isOrthonormal = (basis: Float32Array) => relativeDistance(entriesOf(product(rowsOf(basis, n), transpose(rowsOf(basis, n)))), entriesOf(identity(n))) < 1e-5;

describe('eigenbasis', () => {
  it('anew and followed for long agree, but for signs, at any scale', () => {
    fc.assert(fc.property(fc.integer(), fc.constantFrom(1e-30, 1, 1e30), (seed, scale) => {
      const { statistics, vectors } = symmetric([32, 16, 8, 4, 2, 1].map(value => scale * value), seed);
      const [anew, followed] = [new Float32Array(n * n), Float32Array.from(entriesOf(orthogonal(normalVector(n * n, seed + 1), n)))];
      findEigenbasis(statistics, n, anew, scratch());
      for (let step = 0; step < 100; step++) followEigenbasis(statistics, n, followed, scratch(), () => undefined);
      for (const basis of [anew, followed]) {
        assert.ok(isOrthonormal(basis));
        const along = product(rowsOf(basis, n), transpose(vectors)).map(row => row.map(Math.abs));
        assert.ok(relativeDistance(entriesOf(along), entriesOf(identity(n))) < 1e-4);
      }
    }), { numRuns: 30 });
  });

  it('a row that changes places is reported, and every row stays near the one it was', () => {
    const { statistics, vectors } = symmetric([1, 2, 4, 8, 16, 32], 3);
    const basis = Float32Array.from(entriesOf(vectors));
    const place = vectors.map((_, row) => row);
    followEigenbasis(statistics, n, basis, scratch(), (one, other) => { [place[one], place[other]] = [place[other]!, place[one]!]; });
    assert.deepEqual(place, [5, 4, 3, 2, 1, 0]);
    assert.ok(relativeDistance(basis, entriesOf(place.map(row => vectors[row]!))) < 1e-5);
  });

  it('rows that the statistics say nothing about stay, also where they say nothing at all', () => {
    const { statistics, vectors } = symmetric([9, 4, 0, 0, 0, 0], 4);
    const basis = Float32Array.from(entriesOf(vectors));
    const place = vectors.map((_, row) => row);
    followEigenbasis(statistics, n, basis, scratch(), (one, other) => { [place[one], place[other]] = [place[other]!, place[one]!]; });
    assert.ok(isOrthonormal(basis));
    assert.deepEqual(place.slice(0, 2), [0, 1]);
    assert.ok(relativeDistance(basis, entriesOf(place.map(row => vectors[row]!))) < 0.3);
    const before = basis.slice();
    followEigenbasis(new Float32Array(n * n), n, basis, scratch(), () => undefined);
    assert.deepEqual(basis, before);
  });
});
