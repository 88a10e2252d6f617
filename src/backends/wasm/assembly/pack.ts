/**
 * Copies of parts of a matrix in the order in which tiles read them: [depth, width], width 4 or 8, lanes beyond `count` zero.
 * The matrix has `depth` steps of `stepBytes` and lanes that lie `laneBytes` apart; one of the two is 4.
 */

// @ts-ignore: decorator
@inline
export function pack(from: usize, stepBytes: usize, laneBytes: usize, depth: usize, width: usize, count: usize, to: usize): void {
  if (count < width) packScalars(from, stepBytes, laneBytes, depth, width, count, to);
  else if (laneBytes == 4) packRows(from, stepBytes, depth, width, to);
  else packColumns(from, laneBytes, depth, width, to);
}

function packScalars(from: usize, stepBytes: usize, laneBytes: usize, depth: usize, width: usize, count: usize, to: usize): void {
  for (let k: usize = 0; k < depth; k++, from += stepBytes, to += width << 2) {
    for (let lane: usize = 0; lane < width; lane++) store<f32>(to + (lane << 2), lane < count ? load<f32>(from + lane * laneBytes) : 0);
  }
}

/** Lanes are neighbours: whole vectors move. */
function packRows(from: usize, stepBytes: usize, depth: usize, width: usize, to: usize): void {
  for (let k: usize = 0; k < depth; k++, from += stepBytes, to += width << 2) {
    v128.store(to, v128.load(from));
    if (width == 8) v128.store(to, v128.load(from, 16), 16);
  }
}

/** Steps are neighbours: squares of 4 x 4 are turned in registers. */
function packColumns(from: usize, laneBytes: usize, depth: usize, width: usize, to: usize): void {
  const stepOut = width << 2;
  for (let lane: usize = 0; lane < width; lane += 4, from += laneBytes << 2, to += 16) {
    let k: usize = 0;
    let out = to;
    for (; k + 4 <= depth; k += 4, out += stepOut << 2) turnSquare(from + (k << 2), laneBytes, out, stepOut);
    for (; k < depth; k++, out += stepOut) {
      for (let i: usize = 0; i < 4; i++) store<f32>(out + (i << 2), load<f32>(from + i * laneBytes + (k << 2)));
    }
  }
}

/** The transpose of a square of 4 x 4. */
// @ts-ignore: decorator
@inline
export function turnSquare(from: usize, fromBytes: usize, to: usize, toBytes: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + fromBytes);
  const r2 = v128.load(from + 2 * fromBytes);
  const r3 = v128.load(from + 3 * fromBytes);
  const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(to + toBytes, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(to + 2 * toBytes, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(to + 3 * toBytes, v128.shuffle<i64>(high01, high23, 1, 3));
}
