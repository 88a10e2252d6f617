/** The convolution of ./convolution.ts, and its gradient, tap by tap: nothing is multiplied that lies beyond the input, where 0 * NaN would be NaN. */

export function isFiniteIn(values: usize, count: usize): bool {
  let sum: f32 = 0;
  for (let i: usize = 0; i < count; i++) sum += load<f32>(values + (i << 2)) * 0;
  return sum == 0;
}

export function convolutionExactly(
  input: usize, weights: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, outputs: usize,
  height: i32, width: i32, rowStride: i32, stride: i32, rowDilation: i32, dilation: i32, top: i32, left: i32, isGradient: bool,
): void {
  const stepBytes: usize = isGradient ? 4 : outputs << 2;
  const laneBytes: usize = isGradient ? channels << 2 : 4;
  for (let n = 0; n < batch; n++, input += <usize>(inHeight * inWidth) * channels << 2) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        for (let o: usize = 0; o < outputs; o++, out += 4) {
          let sum: f32 = 0;
          for (let i = 0; i < height; i++) {
            const row = met(y, i * rowDilation, rowStride, top, inHeight, isGradient);
            if (row < 0) continue;
            for (let j = 0; j < width; j++) {
              const column = met(x, j * dilation, stride, left, inWidth, isGradient);
              if (column >= 0) sum += dot(input + (<usize>(row * inWidth + column) * channels << 2), weights + (<usize>(i * width + j) * channels * outputs << 2) + o * laneBytes, stepBytes, channels);
            }
          }
          store<f32>(out, sum);
        }
      }
    }
  }
}

/** The place in the input that a place of the output meets with a tap; -1 where there is none. */
function met(place: i32, offset: i32, stride: i32, pad: i32, size: i32, isGradient: bool): i32 {
  let at = isGradient ? place + pad - offset : place * stride + offset - pad;
  if (at < 0) return -1;
  if (isGradient) {
    if (at % stride != 0) return -1;
    at /= stride;
  }
  return at < size ? at : -1;
}

function dot(input: usize, weights: usize, stepBytes: usize, channels: usize): f32 {
  let sum: f32 = 0;
  for (const end = input + (channels << 2); input != end; input += 4, weights += stepBytes) sum += load<f32>(input) * load<f32>(weights);
  return sum;
}
