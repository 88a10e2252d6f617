/**
 * Convolution with a 3 x 3 filter and stride 1, NHWC, and its gradient to the input, by F(2 x 2, 3 x 3) of Winograd's minimal filtering
 * (Lavin and Gray, arXiv 1509.09308): of tiles of 4 x 4 inputs d and the filter g, the 2 x 2 outputs are A^T [(G g G^T) . (B^T d B)] A, so
 * that 16 products are formed in place of 36. The sum over channels makes of each of the 16 places a product of matrices,
 * [tiles, channels] times [channels, outputs], in tiles of 4 x 8.
 *
 * Input rows are turned to [parity of the column, channel, place], so that four neighbouring tiles read four neighbouring numbers; what is
 * transformed lies as the products read it, [strip of four tiles, place, channel, 4]. Scratch (`winogradScratch`): the transformed filter,
 * [outputs / 8, 16, channels, 8], and of about eight strips the rows and what was made of them.
 */
import { storeRow } from './tile';
import { turnRow } from './turnRow';
import { transformFilter } from './winogradFilter';
import { transformTile } from './winogradTile';
import { multiplyPlaces } from './winogradProducts';

const stripsAtOnce: i32 = 8;

// @ts-ignore: decorator
@inline
function stripsInRow(outWidth: i32): i32 {
  return (outWidth + 7) / 8;
}

/** Rows of tiles that are taken together. */
// @ts-ignore: decorator
@inline
function tileRowsAtOnce(outHeight: i32, outWidth: i32): i32 {
  return min((outHeight + 1) / 2, max(1, stripsAtOnce / stripsInRow(outWidth)));
}

// @ts-ignore: decorator
@inline
function leadOf(left: i32): i32 {
  return (left + 1) / 2;
}

/** Bytes from one channel of a turned row to the next. */
// @ts-ignore: decorator
@inline
function pitchOf(inWidth: i32, outWidth: i32, left: i32): usize {
  const places = leadOf(left) + max((inWidth + 1) / 2, 4 * stripsInRow(outWidth) + 2) + 3 & ~3;
  // A power of two would map the channels of a place to few sets of the cache.
  return <usize>((places & 15) == 0 ? places + 4 : places) << 2;
}

/** Bytes from one of the 16 places of a strip to the next; for the same reason. */
// @ts-ignore: decorator
@inline
function placeBytes(channels: usize): usize {
  return (channels << 4) + 64;
}

export function winogradScratch(inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, outputs: usize, left: i32): usize {
  const tileRows = tileRowsAtOnce(outHeight, outWidth);
  const filters = (outputs + 7 & ~7) * channels << 6;
  const rows = <usize>(2 * tileRows + 3) * (channels << 1) * pitchOf(inWidth, outWidth, left);
  const strips = <usize>(tileRows * stripsInRow(outWidth)) * (placeBytes(channels) << 4);
  // A packed part of the filter lies where rows and strips will, and is gone by then.
  return filters + max(rows + strips + 2048, channels * 288);
}

/** `top` and `left` are those of the convolution that is computed: for a gradient 2 less the padding. Padding is zero, so weights must be finite. */
export function winograd(
  input: usize, weights: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, outputs: usize, top: i32, left: i32, isGradient: bool, scratch: usize,
): void {
  const filters = scratch;
  const rows = filters + ((outputs + 7 & ~7) * channels << 6);
  transformFilter(weights, rows, filters, channels, outputs, isGradient);
  const tileRows = tileRowsAtOnce(outHeight, outWidth);
  const ringRows = 2 * tileRows + 2;
  const pitch = pitchOf(inWidth, outWidth, left);
  const rowBytes = (channels << 1) * pitch;
  const zeroRow = rows + <usize>ringRows * rowBytes;
  const strips = zeroRow + rowBytes;
  memory.fill(rows, 0, <usize>(ringRows + 1) * rowBytes);
  const lead = leadOf(left);
  const inRowBytes = <usize>inWidth * channels << 2;
  const outRowBytes = <usize>outWidth * outputs << 2;
  const total = (outHeight + 1) / 2;
  for (let n = 0; n < batch; n++, input += <usize>inHeight * inRowBytes, out += <usize>outHeight * outRowBytes) {
    let turned = 0;
    for (let from = 0; from < total; from += tileRows) {
      const count = min(tileRows, total - from);
      const last = min(inHeight - 1, 2 * (from + count) + 1 - top);
      for (turned = max(turned, 2 * from - top); turned <= last; turned++) turnRow(input + <usize>turned * inRowBytes, inWidth, channels, 2, lead, pitch, rows + <usize>(turned % ringRows) * rowBytes);
      let strip = strips;
      for (let r = 0; r < count; r++) {
        const y = 2 * (from + r) - top;
        const r0 = rowAt(y, inHeight, rows, ringRows, rowBytes, zeroRow), r1 = rowAt(y + 1, inHeight, rows, ringRows, rowBytes, zeroRow);
        const r2 = rowAt(y + 2, inHeight, rows, ringRows, rowBytes, zeroRow), r3 = rowAt(y + 3, inHeight, rows, ringRows, rowBytes, zeroRow);
        for (let s = 0; s < stripsInRow(outWidth); s++, strip += placeBytes(channels) << 4) transformStrip(r0, r1, r2, r3, <usize>s << 4, left, channels, pitch, strip);
      }
      multiplyStrips(strips, filters, strip, out, from, count, channels, outputs, outHeight, outWidth);
    }
  }
}

// @ts-ignore: decorator
@inline
function rowAt(y: i32, inHeight: i32, rows: usize, ringRows: i32, rowBytes: usize, zeroRow: usize): usize {
  return y < 0 || y >= inHeight ? zeroRow : rows + <usize>(y % ringRows) * rowBytes;
}

/** Four tiles, channel by channel. */
function transformStrip(r0: usize, r1: usize, r2: usize, r3: usize, offset: usize, left: i32, channels: usize, pitch: usize, to: usize): void {
  const c0 = columnAt(0 - left, left, channels, pitch) + offset, c1 = columnAt(1 - left, left, channels, pitch) + offset;
  const c2 = columnAt(2 - left, left, channels, pitch) + offset, c3 = columnAt(3 - left, left, channels, pitch) + offset;
  const bytes = placeBytes(channels);
  for (let c: usize = 0; c < channels; c++, to += 16, r0 += pitch, r1 += pitch, r2 += pitch, r3 += pitch) transformTile(r0, r1, r2, r3, c0, c1, c2, c3, to, bytes);
}

/** Where in a turned row the column lies that the first tile meets so far from its start. */
// @ts-ignore: decorator
@inline
function columnAt(column: i32, left: i32, channels: usize, pitch: usize): usize {
  return <usize>(column & 1) * channels * pitch + (<usize>(leadOf(left) + (column >> 1)) << 2);
}

/** `products` holds the 16 tiles of 4 x 8 of one strip and eight outputs. */
function multiplyStrips(strips: usize, filters: usize, products: usize, out: usize, from: i32, count: i32, channels: usize, outputs: usize, outHeight: i32, outWidth: i32): void {
  const bytes = placeBytes(channels);
  const columnBytes = outputs << 2;
  for (let o: usize = 0; o < outputs; o += 8, filters += channels << 9) {
    let strip = strips;
    for (let r = from; r < from + count; r++) {
      for (let x = 0; x < outWidth; x += 8) {
        multiplyPlaces(strip, bytes, filters, channels, products);
        strip += bytes << 4;
        transformProducts(products, out + <usize>(2 * r * outWidth + x) * columnBytes + (o << 2), columnBytes, <usize>outWidth * columnBytes, min(2, outHeight - 2 * r), min(8, outWidth - x), min<usize>(8, outputs - o));
      }
    }
  }
}

/** A^T m A of four tiles and eight outputs: A^T = [1 1 1 0; 0 1 -1 -1]. */
function transformProducts(products: usize, out: usize, columnBytes: usize, rowBytes: usize, rows: i32, columns: i32, lanes: usize): void {
  for (let x = 0; x < columns; x += 2, products += 32, out += 2 * columnBytes) {
    for (let y = 0; y < rows; y++) {
      const first = y == 0;
      const low0 = productColumn(first, products), low1 = productColumn(first, products + 128), low2 = productColumn(first, products + 256), low3 = productColumn(first, products + 384);
      const high0 = productColumn(first, products + 16), high1 = productColumn(first, products + 144), high2 = productColumn(first, products + 272), high3 = productColumn(first, products + 400);
      const at = out + <usize>y * rowBytes;
      storeRow(at, f32x4.add(f32x4.add(low0, low1), low2), f32x4.add(f32x4.add(high0, high1), high2), lanes, false);
      if (x + 1 < columns) storeRow(at + columnBytes, f32x4.sub(f32x4.sub(low1, low2), low3), f32x4.sub(f32x4.sub(high1, high2), high3), lanes, false);
    }
  }
}

// @ts-ignore: decorator
@inline
function productColumn(first: bool, m: usize): v128 {
  return first
    ? f32x4.add(f32x4.add(v128.load(m), v128.load(m, 512)), v128.load(m, 1024))
    : f32x4.sub(f32x4.sub(v128.load(m, 512), v128.load(m, 1024)), v128.load(m, 1536));
}
