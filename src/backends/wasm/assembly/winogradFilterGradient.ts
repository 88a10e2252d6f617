/**
 * The gradient of a convolution with a 3 x 3 filter and stride 1 to its filter, NHWC, by the transpose of F(2 x 2, 3 x 3) in winograd.ts: with
 * d the tiles of 4 x 4 inputs and e those of 2 x 2 of dy, dw = G^T [sum over tiles of (A e A^T) . (B^T d B)] G. At each of the 16 places the sum
 * is a product of matrices, [channels, tiles] times [tiles, filters], of about sixty tiles at a time, of one image or several. Channels are
 * a multiple of four, filters of eight.
 *
 * Scratch (`winogradFilterGradientScratch`): the sums, 64 bytes a channel and filter; of sixty tiles, and at least one row of them, both
 * operands; four rows of the input with their padding.
 */
import { transformTile } from './winogradTile';
import { addPlaces } from './winogradProducts';

// Not 64, which would map the places to few sets of the cache.
const tilesAtOnce: i32 = 60;

// @ts-ignore: decorator
@inline
function tileRowsAtOnce(tiles: i32): i32 {
  return max(1, tilesAtOnce / tiles);
}

/** Bytes from one place of a strip of four channels to the next. */
// @ts-ignore: decorator
@inline
function placeBytes(depth: usize): usize {
  return (depth << 4) + 64;
}

export function winogradFilterGradientScratch(channels: usize, outWidth: i32, filters: usize): usize {
  const tiles = (outWidth + 1) / 2;
  const depth = <usize>(tiles * tileRowsAtOnce(tiles));
  return (channels * filters << 6) + (channels << 2) * placeBytes(depth) + (filters * depth << 6) + <usize>(tiles + 1) * (channels << 5);
}

export function winogradFilterGradient(
  input: usize, dy: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, filters: usize, top: i32, left: i32, scratch: usize,
): void {
  const tiles = (outWidth + 1) / 2;
  const tileRows = (outHeight + 1) / 2;
  const most = tileRowsAtOnce(tiles);
  const strips = scratch + (channels * filters << 6);
  const panels = strips + (channels << 2) * placeBytes(<usize>(tiles * most));
  const rows = panels + (filters * <usize>(tiles * most) << 6);
  const columns = <usize>(2 * tiles + 2);
  memory.fill(scratch, 0, channels * filters << 6);
  memory.fill(rows, 0, columns * (channels << 4));
  const total = batch * tileRows;
  for (let from = 0; from < total; from += most) {
    const count = min(most, total - from);
    const depth = <usize>(count * tiles);
    for (let r = 0; r < count; r++) {
      const image = (from + r) / tileRows;
      const y = 2 * (from + r - image * tileRows);
      copyRows(input + <usize>(image * inHeight * inWidth) * (channels << 2), y - top, inHeight, inWidth, channels, left, columns, rows);
      transformInputs(rows, columns, channels, tiles, strips + (<usize>(r * tiles) << 4), placeBytes(depth));
      const gradient = dy + <usize>((image * outHeight + y) * outWidth) * (filters << 2);
      transformGradients(gradient, outWidth, y + 1 < outHeight, filters, panels + (<usize>(r * tiles) << 5), depth);
    }
    let sums = scratch;
    for (let f: usize = 0; f < filters; f += 8) {
      for (let c: usize = 0; c < channels; c += 4, sums += 2048) addPlaces(strips + (c << 2) * placeBytes(depth), placeBytes(depth), panels + (f * depth << 6), depth, sums);
    }
  }
  transformSums(scratch, out, channels, filters);
}

/** Four rows of an image with what lies beside it: rows and columns outside are zero. */
function copyRows(image: usize, y: i32, height: i32, width: i32, channels: usize, left: i32, columns: usize, to: usize): void {
  const bytes = channels << 2;
  const copied = <usize>min(width, <i32>columns - left) * bytes;
  for (let i = 0; i < 4; i++, y++, to += columns * bytes) {
    if (y < 0 || y >= height) memory.fill(to, 0, columns * bytes);
    else memory.copy(to + <usize>left * bytes, image + <usize>(y * width) * bytes, copied);
  }
}

function transformInputs(rows: usize, columns: usize, channels: usize, tiles: i32, to: usize, bytes: usize): void {
  const columnBytes = channels << 2;
  const rowBytes = columns * columnBytes;
  for (let c: usize = 0; c < channels; c += 4, rows += 16, to += bytes << 4) {
    let at = rows;
    let place = to;
    for (let t = 0; t < tiles; t++, at += 2 * columnBytes, place += 16) {
      transformTile(at, at + rowBytes, at + 2 * rowBytes, at + 3 * rowBytes, 0, columnBytes, 2 * columnBytes, 3 * columnBytes, place, bytes);
    }
  }
}

/** A e A^T: A = [1 0; 1 1; 1 -1; 0 -1]. What lies beyond the last row or column is zero. */
function transformGradients(dy: usize, width: i32, hasSecondRow: bool, filters: usize, to: usize, depth: usize): void {
  const columnBytes = filters << 2;
  const rowBytes = <usize>width * columnBytes;
  const bytes = depth << 5;
  const zero = f32x4.splat(0);
  for (let f: usize = 0; f < filters; f += 4, dy += 16) {
    let place = to + ((f & ~7) * depth << 6) + ((f & 4) << 2);
    let at = dy;
    for (let x = 0; x < width; x += 2, at += 2 * columnBytes, place += 32) {
      const hasSecond = x + 1 < width;
      const e00 = v128.load(at);
      const e01 = hasSecond ? v128.load(at + columnBytes) : zero;
      const e10 = hasSecondRow ? v128.load(at + rowBytes) : zero;
      const e11 = hasSecond && hasSecondRow ? v128.load(at + rowBytes + columnBytes) : zero;
      storeRow(place, bytes, e00, e01);
      storeRow(place + 4 * bytes, bytes, f32x4.add(e00, e10), f32x4.add(e01, e11));
      storeRow(place + 8 * bytes, bytes, f32x4.sub(e00, e10), f32x4.sub(e01, e11));
      storeRow(place + 12 * bytes, bytes, f32x4.neg(e10), f32x4.neg(e11));
    }
  }
}

// @ts-ignore: decorator
@inline
function storeRow(to: usize, bytes: usize, first: v128, second: v128): void {
  v128.store(to, first);
  v128.store(to + bytes, f32x4.add(first, second));
  v128.store(to + 2 * bytes, f32x4.sub(first, second));
  v128.store(to + 3 * bytes, f32x4.neg(second));
}

/** G^T m G of every channel and filter: G^T = [1 1/2 1/2 0; 0 1/2 -1/2 0; 0 1/2 1/2 1]. */
function transformSums(sums: usize, out: usize, channels: usize, filters: usize): void {
  const tapBytes = channels * filters << 2;
  for (let f: usize = 0; f < filters; f += 8) {
    for (let c: usize = 0; c < channels; c++, sums += (c & 3) == 0 ? 2048 - 96 : 32) {
      for (let half: usize = 0; half < 32; half += 16) {
        for (let i: usize = 0; i < 3; i++) {
          const at = sums + half;
          const m0 = tapRow(i, at), m1 = tapRow(i, at + 128), m2 = tapRow(i, at + 256), m3 = tapRow(i, at + 384);
          const sum = f32x4.mul(f32x4.add(m1, m2), f32x4.splat(0.5));
          const to = out + i * 3 * tapBytes + (c * filters + f << 2) + half;
          v128.store(to, f32x4.add(m0, sum));
          v128.store(to + tapBytes, f32x4.mul(f32x4.sub(m1, m2), f32x4.splat(0.5)));
          v128.store(to + 2 * tapBytes, f32x4.add(sum, m3));
        }
      }
    }
  }
}

/** Row i of G^T times one column of m, whose rows lie 512 bytes apart. */
// @ts-ignore: decorator
@inline
function tapRow(i: usize, m: usize): v128 {
  const m1 = v128.load(m, 512);
  const m2 = v128.load(m, 1024);
  if (i == 1) return f32x4.mul(f32x4.sub(m1, m2), f32x4.splat(0.5));
  const sum = f32x4.mul(f32x4.add(m1, m2), f32x4.splat(0.5));
  return f32x4.add(sum, i == 0 ? v128.load(m) : v128.load(m, 1536));
}
