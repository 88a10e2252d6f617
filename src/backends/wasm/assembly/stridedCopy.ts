/**
 * out = elements of x, of 32 bits, in any order that strides describe: transposed, sliced, reversed. `dimensions` holds {size, bytes
 * that x moves} of every dimension of the output, outermost first, twice 32 bits, and at least two; `x` is where its first element
 * lies. Rows that lie together are copied as vectors; where x runs fastest along another dimension than the last, squares of 4 x 4
 * are turned in registers.
 */
import { turnSquare } from './pack';

export function stridedCopy(x: usize, out: usize, dimensions: usize, rank: u32): void {
  const size = <usize>load<u32>(dimensions);
  const bytes = <usize>load<u32>(dimensions, 4);
  let inner: usize = 4;
  for (let d: u32 = 1; d < rank; d++) inner *= load<u32>(dimensions + 8 * d);
  if (rank == 2) turn(x, bytes, load<u32>(dimensions, 12), out, inner, size, load<u32>(dimensions, 8));
  // The dimension that runs fastest in x and the last one of the output change places: squares lie across both.
  else if (bytes == 4) planes(x, out, dimensions + 8, rank - 1, inner, size);
  else for (let i: usize = 0; i < size; i++, x += bytes, out += inner) stridedCopy(x, out, dimensions + 8, rank - 1);
}

/** As `stridedCopy`, for `count` neighbours in x at once, which lie `outBytes` apart in the output. */
function planes(x: usize, out: usize, dimensions: usize, rank: u32, outBytes: usize, count: usize): void {
  const size = <usize>load<u32>(dimensions);
  const bytes = <usize>load<u32>(dimensions, 4);
  if (rank == 1) {
    turn(x, 4, bytes, out, outBytes, count, size);
    return;
  }
  let inner: usize = 4;
  for (let d: u32 = 1; d < rank; d++) inner *= load<u32>(dimensions + 8 * d);
  for (let i: usize = 0; i < size; i++, x += bytes, out += inner) planes(x, out, dimensions + 8, rank - 1, outBytes, count);
}

/** out [rows, columns], rows `outBytes` apart, from an x that moves `rowBytes` and `columnBytes`. */
function turn(x: usize, rowBytes: usize, columnBytes: usize, out: usize, outBytes: usize, rows: usize, columns: usize): void {
  for (let r: usize = 0; r < rows; r += 4, x += rowBytes << 2, out += outBytes << 2) {
    const high = min<usize>(4, rows - r);
    let c: usize = 0;
    if (columnBytes == 4) {
      for (let i: usize = 0; i < high; i++) copyRow(x + i * rowBytes, out + i * outBytes, columns);
      continue;
    }
    if (rowBytes == 4 && high == 4) {
      for (; c + 4 <= columns; c += 4) turnSquare(x + c * columnBytes, columnBytes, out + (c << 2), outBytes);
    }
    for (; c < columns; c++) {
      for (let i: usize = 0; i < high; i++) store<u32>(out + i * outBytes + (c << 2), load<u32>(x + i * rowBytes + c * columnBytes));
    }
  }
}

function copyRow(x: usize, out: usize, length: usize): void {
  const end = out + (length << 2);
  for (const whole = out + ((length & ~3) << 2); out != whole; out += 16, x += 16) v128.store(out, v128.load(x));
  for (; out != end; out += 4, x += 4) store<u32>(out, load<u32>(x));
}
