/**
 * Convolution, NHWC, and its gradient to the input, in any stride and dilation: out[n, y, x, o] = sum over taps and channels c of
 * in[n, y', x', c] w[tap, c, o], where a position beyond the input counts as zero. Forward y' = y stride + i dilation - top;
 * backward (`isGradient`: in is dy, out is dx, w is read with its last two dimensions exchanged) y' = (y + top - i dilation) / stride
 * where that is whole; x likewise.
 *
 * Each input row is turned to [phase, channel, place], so that four neighbouring positions of the output read four neighbouring
 * numbers for whatever tap; with a stride the columns forward are split by their remainder, and so are those of the output
 * backward. Weights are packed to [outputs / 8, tap, channel, 8]. Scratch (`convolutionScratch`): the packed weights, the turned
 * rows that one output row needs, and eight bytes a tap. Padding is zero, so weights must be finite; others go another way.
 */
import { convolutionExactly, isFiniteIn } from './convolutionExactly';
import { multiplyAdd } from './multiplyAdd';
import { pack } from './pack';
import { storeRow } from './tile';
import { turnRow } from './turnRow';

let channels: usize = 0, outputs: usize = 0;
let filterHeight: i32 = 0, filterWidth: i32 = 0;
let columnStride: i32 = 0, columnDilation: i32 = 0, left: i32 = 0;
let phases: i32 = 0, lead: i32 = 0, pitch: usize = 0, ringRows: i32 = 0;

// @ts-ignore: decorator
@inline
function floorDivide(x: i32, by: i32): i32 {
  return x >= 0 ? x / by : -((by - 1 - x) / by);
}

function shape(inWidth: i32, inChannels: usize, outWidth: i32, outChannels: usize, height: i32, width: i32, rowStride: i32, stride: i32, rowDilation: i32, dilation: i32, padLeft: i32, isGradient: bool): void {
  channels = inChannels;
  outputs = outChannels;
  filterHeight = height;
  filterWidth = width;
  columnStride = stride;
  columnDilation = dilation;
  left = padLeft;
  phases = isGradient ? 1 : stride;
  const reach = (width - 1) * dilation;
  const least = isGradient ? floorDivide(left - reach, stride) : floorDivide(-left, stride);
  const most = isGradient ? floorDivide(stride - 1 + left, stride) : floorDivide(reach - left, stride);
  lead = max(0, -least);
  const places = (isGradient ? (outWidth + stride - 1) / stride : outWidth) + 3 & ~3;
  const own = isGradient ? inWidth : (inWidth + stride - 1) / stride;
  pitch = <usize>(lead + max(own, places + max(0, most)) + 3 & ~3);
  // A power of two would map the channels of a place to few sets of the cache.
  if ((pitch & 15) == 0) pitch += 4;
  ringRows = (isGradient ? (height - 1) * rowDilation / rowStride : (height - 1) * rowDilation) + 1;
}

// @ts-ignore: decorator
@inline
function weightBytes(): usize {
  return (outputs + 7 & ~7) * channels * <usize>(filterHeight * filterWidth) << 2;
}

// @ts-ignore: decorator
@inline
function turnedRowBytes(): usize {
  return <usize>phases * channels * pitch << 2;
}

export function convolutionScratch(inWidth: i32, inChannels: usize, outWidth: i32, outChannels: usize, height: i32, width: i32, rowStride: i32, stride: i32, rowDilation: i32, dilation: i32, padLeft: i32, isGradient: bool): usize {
  shape(inWidth, inChannels, outWidth, outChannels, height, width, rowStride, stride, rowDilation, dilation, padLeft, isGradient);
  return weightBytes() + <usize>ringRows * turnedRowBytes() + (<usize>(height * width) << 3);
}

export function convolution(
  input: usize, weights: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, inChannels: usize, outHeight: i32, outWidth: i32, outChannels: usize,
  height: i32, width: i32, rowStride: i32, stride: i32, rowDilation: i32, dilation: i32, top: i32, padLeft: i32, isGradient: bool, scratch: usize,
): void {
  shape(inWidth, inChannels, outWidth, outChannels, height, width, rowStride, stride, rowDilation, dilation, padLeft, isGradient);
  const rows = scratch + weightBytes();
  const taps = rows + <usize>ringRows * turnedRowBytes();
  if (!isFiniteIn(weights, <usize>(height * width) * channels * outputs)) {
    convolutionExactly(input, weights, out, batch, inHeight, inWidth, channels, outHeight, outWidth, outputs, height, width, rowStride, stride, rowDilation, dilation, top, left, isGradient);
    return;
  }
  packWeights(weights, scratch, isGradient);
  memory.fill(rows, 0, <usize>ringRows * turnedRowBytes());
  const inRowBytes = <usize>inWidth * channels << 2;
  const outRowBytes = <usize>outWidth * outputs << 2;
  for (let n = 0; n < batch; n++, input += <usize>inHeight * inRowBytes, out += <usize>outHeight * outRowBytes) {
    let turned = 0;
    for (let y = 0; y < outHeight; y++) {
      const first = isGradient ? floorDivide(y + top - (height - 1) * rowDilation + rowStride - 1, rowStride) : y * rowStride - top;
      const last = isGradient ? floorDivide(y + top, rowStride) : first + (height - 1) * rowDilation;
      for (turned = max(turned, first); turned <= min(last, inHeight - 1); turned++) turnRow(input + <usize>turned * inRowBytes, inWidth, channels, phases, lead, pitch << 2, rows + <usize>(turned % ringRows) * turnedRowBytes());
      const classes = isGradient ? stride : 1;
      for (let remainder = 0; remainder < min(classes, outWidth); remainder++) {
        let count: usize = 0;
        for (let i = 0; i < height; i++) {
          const at = isGradient ? y + top - i * rowDilation : y * rowStride + i * rowDilation - top;
          if (at < 0 || (isGradient && at % rowStride != 0)) continue;
          const row = isGradient ? at / rowStride : at;
          if (row < inHeight) count = addTaps(taps, count, i, rows + <usize>(row % ringRows) * turnedRowBytes(), remainder, isGradient);
        }
        outputRow(scratch, taps, count, out + <usize>y * outRowBytes + (<usize>remainder * outputs << 2), (outWidth - remainder + classes - 1) / classes, <usize>classes * outputs << 2);
      }
    }
  }
}

function packWeights(weights: usize, to: usize, isGradient: bool): void {
  const taps = <usize>(filterHeight * filterWidth);
  const stepBytes: usize = isGradient ? 4 : outputs << 2;
  const laneBytes: usize = isGradient ? channels << 2 : 4;
  for (let o: usize = 0; o < outputs; o += 8) {
    for (let tap: usize = 0; tap < taps; tap++, to += channels << 5) pack(weights + (tap * channels * outputs << 2) + o * laneBytes, stepBytes, laneBytes, channels, 8, min<usize>(8, outputs - o), to);
  }
}

/** The taps of filter row `i` that meet output columns with this remainder: where their inputs begin, and their weights. */
function addTaps(taps: usize, count: usize, i: i32, row: usize, remainder: i32, isGradient: bool): usize {
  for (let j = 0; j < filterWidth; j++) {
    const at = isGradient ? remainder + left - j * columnDilation : j * columnDilation - left;
    const shift = floorDivide(at, columnStride);
    const phase = at - shift * columnStride;
    if (isGradient && phase != 0) continue;
    store<usize>(taps + (count << 3), row + (<usize>phase * channels * pitch + <usize>(lead + shift) << 2));
    store<usize>(taps + (count << 3), <usize>(i * filterWidth + j) * channels << 5, 4);
    count++;
  }
  return count;
}

function outputRow(weights: usize, taps: usize, count: usize, out: usize, columns: i32, columnBytes: usize): void {
  const panelBytes = <usize>(filterHeight * filterWidth) * channels << 5;
  for (let o: usize = 0; o < outputs; o += 8, weights += panelBytes) {
    for (let x = 0; x < columns; x += 4) outputTile(weights, taps, count, <usize>x << 2, out + <usize>x * columnBytes + (o << 2), columnBytes, <usize>min(4, columns - x), min<usize>(8, outputs - o));
  }
}

/** Four positions and eight outputs, over all taps and channels, of which there is at least one. */
function outputTile(weights: usize, taps: usize, count: usize, offset: usize, out: usize, columnBytes: usize, positions: usize, lanes: usize): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const pitchBytes = pitch << 2;
  const depthBytes = channels << 5;
  for (const end = taps + (count << 3); taps != end; taps += 8) {
    let a = load<usize>(taps) + offset;
    let b = weights + load<usize>(taps, 4);
    const last = b + depthBytes;
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
      a += pitchBytes;
      b += 32;
    } while (b != last);
  }
  storeRow(out, c00, c01, lanes, false);
  if (positions > 1) storeRow(out + columnBytes, c10, c11, lanes, false);
  if (positions > 2) storeRow(out + 2 * columnBytes, c20, c21, lanes, false);
  if (positions > 3) storeRow(out + 3 * columnBytes, c30, c31, lanes, false);
}
