/**
 * Linear combination of low-rank rows: vector = keep * vector + sum_r coefficients[r] * row r. With P_r Q_r^T what row r keeps
 * of a matrix, that is the product of [c_1 P_1 ... c_m P_m] and [Q_1 ... Q_m]^T, formed in float64 tile by tile and rounded
 * once. Four rows of the product and four columns of factors at a time share the traffic. Holds one tile of 32 KiB.
 */
import { leftColumn, rightColumn, type FactoredPlace, type FactorLayout } from './factorLayout';
import { saturate } from './saturate';

const tileRows = 16;
const tileColumns = 256;
const tile = new Float64Array(tileRows * tileColumns);
/** Of four rows of the product with four columns of factors. */
const shares = new Float64Array(16);

/** `factors` [., n] with n the layout's length, `coefficients` [count] of the first `count` rows. */
export function factorCombination(layout: FactorLayout, factors: Float32Array, coefficients: Float64Array, count: number, vector: Float32Array, keep = 0): void {
  for (const tensor of layout.tensors) {
    if (tensor.rank === 0) combineWhole(tensor, factors, layout.length, coefficients, count, vector, keep);
    else combineFactors(tensor, factors, layout.length, coefficients, count, vector, keep);
  }
}

function combineFactors(tensor: FactoredPlace, factors: Float32Array, stride: number, coefficients: Float64Array, count: number, vector: Float32Array, keep: number): void {
  const { start, rows, columns } = tensor;
  for (let top = 0; top < rows; top += tileRows) {
    const height = Math.min(tileRows, rows - top);
    for (let left = 0; left < columns; left += tileColumns) {
      const width = Math.min(tileColumns, columns - left);
      fillTile(tensor, factors, stride, coefficients, count, top, height, left, width);
      for (let row = 0; row < height; row++) store(row * tileColumns, width, vector, start + (top + row) * columns + left, keep);
    }
  }
}

/** Columns of factors are taken in order, whatever rows they belong to. */
function fillTile(
  tensor: FactoredPlace, factors: Float32Array, stride: number, coefficients: Float64Array, count: number, top: number, height: number, left: number, width: number,
): void {
  const { rank, rows } = tensor;
  tile.fill(0, 0, height * tileColumns);
  for (let first = 0; first < count * rank; first += 4) {
    const together = Math.min(4, count * rank - first);
    for (let row = 0; row < height; row += 4) {
      shares.fill(0);
      for (let column = 0; column < together; column++) {
        const slot = Math.floor((first + column) / rank);
        const p = slot * stride + leftColumn(tensor, (first + column) % rank) + top + row;
        setShares(factors, p, column, Math.min(4, rows - top - row), coefficients[slot] ?? 0);
      }
      const q = (column: number) => Math.floor((first + column) / rank) * stride + rightColumn(tensor, (first + column) % rank) + left;
      addProduct(factors, q(0), q(Math.min(1, together - 1)), q(Math.min(2, together - 1)), q(together - 1), row * tileColumns, width);
    }
  }
}

/** Column `column` of `shares` [4, 4], from `from` on in a column of P. */
function setShares(factors: Float32Array, from: number, column: number, rows: number, coefficient: number): void {
  for (let row = 0; row < rows; row++) shares[4 * row + column] = coefficient * (factors[from + row] ?? 0);
}

/** Adds to the four rows of the tile from `a` on their shares of four columns of Q, which begin at `q`, `r`, `s` and `t`. */
function addProduct(factors: Float32Array, q: number, r: number, s: number, t: number, a: number, width: number): void {
  const b = a + tileColumns;
  const c = b + tileColumns;
  const d = c + tileColumns;
  const aq = shares[0] ?? 0, ar = shares[1] ?? 0, as = shares[2] ?? 0, at = shares[3] ?? 0;
  const bq = shares[4] ?? 0, br = shares[5] ?? 0, bs = shares[6] ?? 0, bt = shares[7] ?? 0;
  const cq = shares[8] ?? 0, cr = shares[9] ?? 0, cs = shares[10] ?? 0, ct = shares[11] ?? 0;
  const dq = shares[12] ?? 0, dr = shares[13] ?? 0, ds = shares[14] ?? 0, dt = shares[15] ?? 0;
  for (let column = 0; column < width; column++) {
    const x = factors[q + column] ?? 0;
    const y = factors[r + column] ?? 0;
    const z = factors[s + column] ?? 0;
    const w = factors[t + column] ?? 0;
    tile[a + column] = (tile[a + column] ?? 0) + aq * x + ar * y + as * z + at * w;
    tile[b + column] = (tile[b + column] ?? 0) + bq * x + br * y + bs * z + bt * w;
    tile[c + column] = (tile[c + column] ?? 0) + cq * x + cr * y + cs * z + ct * w;
    tile[d + column] = (tile[d + column] ?? 0) + dq * x + dr * y + ds * z + dt * w;
  }
}

/** The same of a tensor kept whole, whose rows are `stride` apart. */
function combineWhole({ start, length, offset }: FactoredPlace, factors: Float32Array, stride: number, coefficients: Float64Array, count: number, vector: Float32Array, keep: number): void {
  for (let first = 0; first < length; first += tile.length) {
    const width = Math.min(tile.length, length - first);
    tile.fill(0, 0, width);
    let slot = 0;
    for (; slot + 3 < count; slot += 4) addFour(factors, slot * stride + offset + first, stride, coefficients, slot, width);
    for (; slot < count; slot++) addOne(factors, slot * stride + offset + first, coefficients[slot] ?? 0, width);
    store(0, width, vector, start + first, keep);
  }
}

function addFour(factors: Float32Array, a: number, stride: number, coefficients: Float64Array, slot: number, width: number): void {
  const b = a + stride;
  const c = b + stride;
  const d = c + stride;
  const shareA = coefficients[slot] ?? 0;
  const shareB = coefficients[slot + 1] ?? 0;
  const shareC = coefficients[slot + 2] ?? 0;
  const shareD = coefficients[slot + 3] ?? 0;
  for (let at = 0; at < width; at++) {
    tile[at] = (tile[at] ?? 0) + shareA * (factors[a + at] ?? 0) + shareB * (factors[b + at] ?? 0) + shareC * (factors[c + at] ?? 0) + shareD * (factors[d + at] ?? 0);
  }
}

function addOne(factors: Float32Array, from: number, share: number, width: number): void {
  for (let at = 0; at < width; at++) tile[at] = (tile[at] ?? 0) + share * (factors[from + at] ?? 0);
}

function store(from: number, width: number, vector: Float32Array, to: number, keep: number): void {
  for (let at = 0; at < width; at++) vector[to + at] = saturate(keep * (vector[to + at] ?? 0) + (tile[from + at] ?? 0));
}
