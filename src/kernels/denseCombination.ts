/**
 * Linear combination of dense rows: vector = sum_r coefficients[r] * row r, formed in float64 tile by tile and rounded once
 * (see sparseCombination.ts for why). Holds one tile of 32 KiB, whatever the length of the vector.
 */
const tileLength = 4096;
const tile = new Float64Array(tileLength);

/** `rows` [., d] row-major, `coefficients` [count] of the first `count` rows; overwrites `vector` [d]. */
export function denseCombination(rows: Float32Array, coefficients: Float64Array, count: number, vector: Float32Array): void {
  const dimension = vector.length;
  for (let first = 0; first < dimension; first += tileLength) {
    const length = Math.min(tileLength, dimension - first);
    tile.fill(0, 0, length);
    let row = 0;
    for (; row + 3 < count; row += 4) addFour(rows, row * dimension + first, dimension, length, coefficients, row);
    for (; row < count; row++) addOne(rows, row * dimension + first, length, coefficients[row] ?? 0);
    for (let at = 0; at < length; at++) vector[first + at] = tile[at] ?? 0;
  }
}

/** Four rows at a time share the traffic of the tile. `start` is where row `row` begins within the tile. */
function addFour(rows: Float32Array, start: number, dimension: number, length: number, coefficients: Float64Array, row: number): void {
  const [b, c, d] = [start + dimension, start + 2 * dimension, start + 3 * dimension];
  const factorA = coefficients[row] ?? 0;
  const factorB = coefficients[row + 1] ?? 0;
  const factorC = coefficients[row + 2] ?? 0;
  const factorD = coefficients[row + 3] ?? 0;
  for (let at = 0; at < length; at++) {
    tile[at] = (tile[at] ?? 0) + factorA * (rows[start + at] ?? 0) + factorB * (rows[b + at] ?? 0)
      + factorC * (rows[c + at] ?? 0) + factorD * (rows[d + at] ?? 0);
  }
}

function addOne(rows: Float32Array, start: number, length: number, factor: number): void {
  for (let at = 0; at < length; at++) tile[at] = (tile[at] ?? 0) + factor * (rows[start + at] ?? 0);
}
