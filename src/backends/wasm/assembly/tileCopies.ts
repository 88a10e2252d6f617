/**
 * Tile: every dimension repeated. `dimensions` holds {size, repetitions} for each, outermost first, twice 32 bits. The innermost
 * part is written once and then copied from the output itself. Returns how many bytes of x were read.
 */
const mostChunk: usize = 32768;

export function tileCopies(x: usize, out: usize, dimensions: usize, rank: u32, elementBytes: usize): usize {
  const size = <usize>load<u32>(dimensions);
  const times = <usize>load<u32>(dimensions, 4);
  let written: usize = 0;
  let read: usize = 0;
  if (rank == 1) {
    read = written = size * elementBytes;
    memory.copy(out, x, written);
  } else {
    let inner = elementBytes;
    for (let d: u32 = 1; d < rank; d++) inner *= load<u32>(dimensions + 8 * d) * load<u32>(dimensions + 8 * d, 4);
    for (let i: usize = 0; i < size; i++, written += inner) read += tileCopies(x + read, out + written, dimensions + 8, rank - 1, elementBytes);
  }
  const total = written * times;
  let chunk = written;
  while (written < total) {
    // What is there doubles, as long as its source stays in the first caches.
    if (chunk < mostChunk) chunk = written;
    const length = min(total - written, chunk);
    memory.copy(out + written, out, length);
    written += length;
  }
  return read;
}
