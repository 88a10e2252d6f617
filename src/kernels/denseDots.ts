/**
 * Dot products of dense rows with one vector: dots[r] = sum_i rows[r, i] * vector[i], summed in float64. Four rows at a time
 * share every load of the vector, a stretch of which stays in the cache for all rows. Holds nothing.
 */
const stretch = 4096;

/** `rows` [., d] row-major, `vector` [d]; writes `dots` [count], for the first `count` rows. */
export function denseDots(rows: Float32Array, vector: Float32Array, count: number, dots: Float64Array): void {
  const dimension = vector.length;
  dots.fill(0, 0, count);
  for (let first = 0; first < dimension; first += stretch) {
    const last = Math.min(first + stretch, dimension);
    let row = 0;
    for (; row + 3 < count; row += 4) addFour(rows, row, vector, first, last, dots);
    for (; row < count; row++) addOne(rows, row, vector, first, last, dots);
  }
}

function addFour(rows: Float32Array, row: number, vector: Float32Array, first: number, last: number, dots: Float64Array): void {
  const dimension = vector.length;
  const a = row * dimension;
  const [b, c, d] = [a + dimension, a + 2 * dimension, a + 3 * dimension];
  let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
  for (let at = first; at < last; at++) {
    const entry = vector[at] ?? 0;
    sumA += (rows[a + at] ?? 0) * entry;
    sumB += (rows[b + at] ?? 0) * entry;
    sumC += (rows[c + at] ?? 0) * entry;
    sumD += (rows[d + at] ?? 0) * entry;
  }
  dots[row] = (dots[row] ?? 0) + sumA;
  dots[row + 1] = (dots[row + 1] ?? 0) + sumB;
  dots[row + 2] = (dots[row + 2] ?? 0) + sumC;
  dots[row + 3] = (dots[row + 3] ?? 0) + sumD;
}

function addOne(rows: Float32Array, row: number, vector: Float32Array, first: number, last: number, dots: Float64Array): void {
  const start = row * vector.length;
  let sum = 0;
  for (let at = first; at < last; at++) sum += (rows[start + at] ?? 0) * (vector[at] ?? 0);
  dots[row] = (dots[row] ?? 0) + sum;
}
