/**
 * The gradient of a convolution to its filter, NHWC: dw[i, j, c, f] = sum over n, y, x of in[n, y', x', c] dy[n, y, x, f], where
 * y' = y stride + i dilation - top and x' likewise lie in the input. Positions are taken in blocks of whole output rows, of one
 * image or several, about 256 positions each: dy is packed to [f / 8, position, 8], the input rows they need to [c / 4, position, 4].
 * A tile of 4 channels and 8 filters then stays in registers over a block. Scratch (`filterGradientScratch`): the two packed
 * blocks and 16 bytes a row.
 */
import { multiplyAdd } from './multiplyAdd';
import { pack } from './pack';
import { mostDepth, storeRow } from './tile';

// @ts-ignore: decorator
@inline
function rowsInBlock(outWidth: i32): i32 {
  return max(1, <i32>mostDepth / max(1, outWidth));
}

/** Input rows that a block may need: its images are contiguous, so at most `images` times the reach of the filter more. */
function inputRowsInBlock(rows: i32, outHeight: i32, inHeight: i32, rowReach: i32, rowStride: i32): i32 {
  const images = (rows + outHeight - 2) / outHeight + 1;
  return min(rows * rowStride + images * rowReach, images * inHeight);
}

export function filterGradientScratch(inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, filters: usize, height: i32, rowStride: i32, rowDilation: i32): usize {
  const rows = rowsInBlock(outWidth);
  const inputRows = inputRowsInBlock(rows, outHeight, inHeight, (height - 1) * rowDilation + 1, rowStride);
  return (<usize>(rows * outWidth) * (filters + 7 & ~7) + <usize>(inputRows * inWidth) * (channels + 3 & ~3) << 2) + (<usize>rows << 4);
}

export function filterGradient(
  input: usize, dy: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, filters: usize,
  height: i32, width: i32, rowStride: i32, stride: i32, rowDilation: i32, dilation: i32, top: i32, left: i32, scratch: usize,
): void {
  memory.fill(out, 0, <usize>(height * width) * channels * filters << 2);
  const most = rowsInBlock(outWidth);
  const inputRows = inputRowsInBlock(most, outHeight, inHeight, (height - 1) * rowDilation + 1, rowStride);
  const packedDy = scratch;
  const packedInput = packedDy + (<usize>(most * outWidth) * (filters + 7 & ~7) << 2);
  const places = packedInput + (<usize>(inputRows * inWidth) * (channels + 3 & ~3) << 2);
  const meeting = places + (<usize>most << 3);
  const total = batch * outHeight;
  for (let from = 0; from < total; from += most) {
    const rows = min(most, total - from);
    const positions = <usize>(rows * outWidth);
    const dyBlock = dy + (<usize>(from * outWidth) * filters << 2);
    for (let f: usize = 0; f < filters; f += 8) pack(dyBlock + (f << 2), filters << 2, 4, positions, 8, min<usize>(8, filters - f), packedDy + (f * positions << 2));
    const used = packInput(input, from, rows, inHeight, inWidth, channels, outHeight, (height - 1) * rowDilation, rowStride, top, <usize>(inputRows * inWidth), packedInput, places);
    if (used == 0) continue;
    for (let i = 0; i < height; i++) {
      const count = meetRows(places, rows, i * rowDilation, inHeight, <usize>inWidth, <usize>outWidth, meeting);
      for (let j = 0; j < width; j++) {
        const shift = j * dilation - left;
        const begin = shift >= 0 ? 0 : (stride - 1 - shift) / stride;
        const end = min(outWidth, shift >= inWidth ? 0 : (inWidth - 1 - shift) / stride + 1);
        if (begin >= end) continue;
        const tap = out + (<usize>(i * width + j) * channels * filters << 2);
        for (let f: usize = 0; f < filters; f += 8) {
          for (let c: usize = 0; c < channels; c += 4) {
            tile(
              packedInput + (c * <usize>(inputRows * inWidth) << 2) + (<usize>(begin * stride + shift) << 4), packedDy + (f * positions << 2) + (<usize>begin << 5), meeting, count, <usize>(end - begin), <usize>stride << 4,
              tap + (c * filters + f << 2), filters << 2, min<usize>(4, channels - c), min<usize>(8, filters - f),
            );
          }
        }
      }
    }
  }
}

/**
 * Packs the input rows that output rows `from` .. `from + rows` need. For each of these `places` gets the row of the input that
 * its first tap meets, in the image and in the packed block; the former may lie outside the image.
 */
function packInput(
  input: usize, from: i32, rows: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, reach: i32, rowStride: i32, top: i32, stripPositions: usize, packed: usize, places: usize,
): i32 {
  let used = 0;
  for (let row = from; row < from + rows;) {
    const image = row / outHeight;
    const y = row - image * outHeight;
    const count = min(outHeight - y, from + rows - row);
    const first = max(0, y * rowStride - top);
    const last = min(inHeight - 1, (y + count - 1) * rowStride - top + reach);
    const positions = <usize>(max(0, last - first + 1) * inWidth);
    const source = input + (<usize>((image * inHeight + first) * inWidth) * channels << 2);
    for (let c: usize = 0; c < channels; c += 4) pack(source + (c << 2), channels << 2, 4, positions, 4, min<usize>(4, channels - c), packed + (c * stripPositions << 2) + (<usize>(used * inWidth) << 4));
    for (let i = 0; i < count; i++, places += 8) {
      const met = (y + i) * rowStride - top;
      store<i32>(places, met);
      store<i32>(places, used + met - first, 4);
    }
    used += max(0, last - first + 1);
    row += count;
  }
  return used;
}

/** The rows of the block that meet the input with this tap: offsets into a packed strip of the input and into a panel of dy. */
function meetRows(places: usize, rows: i32, offset: i32, inHeight: i32, inWidth: usize, outWidth: usize, meeting: usize): usize {
  let count: usize = 0;
  for (let r = 0; r < rows; r++, places += 8) {
    const row = load<i32>(places) + offset;
    if (row < 0 || row >= inHeight) continue;
    store<usize>(meeting + (count << 3), <usize>(load<i32>(places, 4) + offset) * inWidth << 4);
    store<usize>(meeting + (count << 3), <usize>r * outWidth << 5, 4);
    count++;
  }
  return count;
}

/** Four channels and eight filters, over the positions of all rows that meet, at least one a row. */
function tile(input: usize, dy: usize, meeting: usize, rows: usize, positions: usize, stepBytes: usize, out: usize, rowBytes: usize, channels: usize, filters: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (const end = meeting + (rows << 3); meeting != end; meeting += 8) {
    let a = input + load<usize>(meeting);
    let b = dy + load<usize>(meeting, 4);
    const last = b + (positions << 5);
    do {
      const low = v128.load(b);
      const high = v128.load(b, 16);
      const x0 = v128.load32_splat(a);
      c00 = multiplyAdd(c00, x0, low);
      c01 = multiplyAdd(c01, x0, high);
      const x1 = v128.load32_splat(a, 4);
      c10 = multiplyAdd(c10, x1, low);
      c11 = multiplyAdd(c11, x1, high);
      const x2 = v128.load32_splat(a, 8);
      c20 = multiplyAdd(c20, x2, low);
      c21 = multiplyAdd(c21, x2, high);
      const x3 = v128.load32_splat(a, 12);
      c30 = multiplyAdd(c30, x3, low);
      c31 = multiplyAdd(c31, x3, high);
      a += stepBytes;
      b += 32;
    } while (b != last);
  }
  storeRow(out, c00, c01, filters, true);
  if (channels > 1) storeRow(out + rowBytes, c10, c11, filters, true);
  if (channels > 2) storeRow(out + 2 * rowBytes, c20, c21, filters, true);
  if (channels > 3) storeRow(out + 3 * rowBytes, c30, c31, filters, true);
}
