/**
 * out [rows, columns] = op(A) op(B), op a transposition or nothing: A is [rows, depth] or [depth, rows], B [depth, columns] or
 * [columns, depth]. Blocks of B, at most 256 deep and 256 wide, are packed into `scratch`; so are four rows of A at a time.
 * Scratch (`matMulScratch`): one such block and strip, so at most (256 + 4) * 256 * 4 bytes.
 */
import { pack } from './pack';
import { mostDepth, multiplyTile } from './tile';

const mostColumns: usize = 256;

export function matMulScratch(columns: usize, depth: usize): usize {
  return (min(mostColumns, columns + 7 & ~7) + 4) * min(mostDepth, depth) << 2;
}

/** `batch` products; there may be fewer matrices on one side, which then take turns. */
export function matMul(
  a: usize, aCount: usize, b: usize, bCount: usize, out: usize, batch: usize, rows: usize, columns: usize, depth: usize, transposeA: bool, transposeB: bool, scratch: usize,
): void {
  for (let i: usize = 0; i < batch; i++) {
    multiply(a + (i % aCount * rows * depth << 2), b + (i % bCount * depth * columns << 2), out + (i * rows * columns << 2), rows, columns, depth, transposeA, transposeB, scratch);
  }
}

function multiply(a: usize, b: usize, out: usize, rows: usize, columns: usize, depth: usize, transposeA: bool, transposeB: bool, scratch: usize): void {
  if (depth == 0) memory.fill(out, 0, rows * columns << 2);
  const strip = scratch + (min(mostColumns, columns + 7 & ~7) * min(mostDepth, depth) << 2);
  const aRowBytes: usize = transposeA ? 4 : depth << 2;
  const aStepBytes: usize = transposeA ? rows << 2 : 4;
  const bColumnBytes: usize = transposeB ? depth << 2 : 4;
  const bStepBytes: usize = transposeB ? 4 : columns << 2;
  const rowBytes = columns << 2;
  for (let k: usize = 0; k < depth; k += mostDepth) {
    const deep = min(mostDepth, depth - k);
    for (let n: usize = 0; n < columns; n += mostColumns) {
      const wide = min(mostColumns, columns - n);
      for (let j: usize = 0; j < wide; j += 8) pack(b + (n + j) * bColumnBytes + k * bStepBytes, bStepBytes, bColumnBytes, deep, 8, min<usize>(8, wide - j), scratch + (j * deep << 2));
      for (let m: usize = 0; m < rows; m += 4) {
        const high = min<usize>(4, rows - m);
        pack(a + m * aRowBytes + k * aStepBytes, aStepBytes, aRowBytes, deep, 4, high, strip);
        for (let j: usize = 0; j < wide; j += 8) multiplyTile(strip, scratch + (j * deep << 2), deep, out + m * rowBytes + (n + j << 2), rowBytes, high, min<usize>(8, wide - j), k > 0);
      }
    }
  }
}

/** The same for int32, which no gradient needs: without blocks. */
export function integerMatMul(a: usize, aCount: usize, b: usize, bCount: usize, out: usize, batch: usize, rows: usize, columns: usize, depth: usize, transposeA: bool, transposeB: bool): void {
  const aRow = transposeA ? 1 : depth;
  const aStep = transposeA ? rows : 1;
  const bColumn = transposeB ? depth : 1;
  const bStep = transposeB ? 1 : columns;
  for (let i: usize = 0; i < batch; i++) {
    for (let r: usize = 0; r < rows; r++) {
      for (let c: usize = 0; c < columns; c++, out += 4) {
        let left = a + (i % aCount * rows * depth + r * aRow << 2);
        let right = b + (i % bCount * depth * columns + c * bColumn << 2);
        let sum: i32 = 0;
        for (let k: usize = 0; k < depth; k++, left += aStep << 2, right += bStep << 2) sum += load<i32>(left) * load<i32>(right);
        store<i32>(out, sum);
      }
    }
  }
}
