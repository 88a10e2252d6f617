/**
 * The gradients of a depthwise convolution, NHWC, with `multiplier` q outputs o = c q + m a channel c:
 * dw[i, j, o] = sum over n, y, x of in[n, y', x', o / q] dy[n, y, x, o], where y' = y stride + i dilation - top lies in the input;
 * din[n, y', x', c] = sum over taps and m of dy[n, y, x, c q + m] w[i, j, c q + m]. SIMD goes over the channels.
 * Scratch: none for the former, eight bytes a tap for the latter.
 */

export function depthwiseFilterGradient(
  input: usize, dy: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, multiplier: usize,
  height: i32, width: i32, rowStride: i32, stride: i32, rowDilation: i32, dilation: i32, top: i32, left: i32,
): void {
  const outputs = channels * multiplier;
  memory.fill(out, 0, <usize>(height * width) * outputs << 2);
  for (let row = 0; row < batch * outHeight; row++) {
    const image = row / outHeight;
    for (let i = 0; i < height; i++) {
      const y = (row - image * outHeight) * rowStride + i * rowDilation - top;
      if (y < 0 || y >= inHeight) continue;
      const inRow = input + (<usize>((image * inHeight + y) * inWidth) * channels << 2);
      for (let j = 0; j < width; j++) {
        const shift = j * dilation - left;
        const begin = shift >= 0 ? 0 : (stride - 1 - shift) / stride;
        const end = min(outWidth, shift >= inWidth ? 0 : (inWidth - 1 - shift) / stride + 1);
        if (begin >= end) continue;
        addRow(
          inRow + (<usize>(begin * stride + shift) * channels << 2), <usize>stride * channels << 2, dy + (<usize>(row * outWidth + begin) * outputs << 2), outputs,
          <usize>(end - begin), multiplier, out + (<usize>(i * width + j) * outputs << 2),
        );
      }
    }
  }
}

function addRow(input: usize, inBytes: usize, dy: usize, outputs: usize, positions: usize, multiplier: usize, out: usize): void {
  const outBytes = outputs << 2;
  let o: usize = 0;
  for (; o + 4 <= outputs; o += 4, dy += 16, out += 16) {
    let total = f32x4.splat(0);
    const end = dy + positions * outBytes;
    if (multiplier == 1) {
      for (let g = dy, x = input + (o << 2); g != end; g += outBytes, x += inBytes) total = f32x4.add(total, f32x4.mul(v128.load(x), v128.load(g)));
    } else {
      const c0 = o / multiplier << 2, c1 = (o + 1) / multiplier << 2, c2 = (o + 2) / multiplier << 2, c3 = (o + 3) / multiplier << 2;
      for (let g = dy, x = input; g != end; g += outBytes, x += inBytes) total = f32x4.add(total, f32x4.mul(gather(x + c0, x + c1, x + c2, x + c3), v128.load(g)));
    }
    v128.store(out, f32x4.add(total, v128.load(out)));
  }
  for (; o < outputs; o++, dy += 4, out += 4) {
    let total: f32 = 0;
    for (let p: usize = 0; p < positions; p++) total += load<f32>(input + p * inBytes + (o / multiplier << 2)) * load<f32>(dy + p * outBytes);
    store<f32>(out, load<f32>(out) + total);
  }
}

// @ts-ignore: decorator
@inline
function gather(a: usize, b: usize, c: usize, d: usize): v128 {
  return v128.load32_lane(d, v128.load32_lane(c, v128.load32_lane(b, v128.load32_zero(a), 1), 2), 3);
}

export function depthwiseInputGradient(
  dy: usize, weights: usize, out: usize, batch: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32, multiplier: usize,
  height: i32, width: i32, rowStride: i32, stride: i32, rowDilation: i32, dilation: i32, top: i32, left: i32, taps: usize,
): void {
  const outputs = channels * multiplier;
  for (let row = 0; row < batch * inHeight; row++) {
    const image = row / inHeight;
    for (let column = 0; column < inWidth; column++, out += channels << 2) {
      let count: usize = 0;
      for (let i = 0; i < height; i++) {
        const y = row - image * inHeight + top - i * rowDilation;
        if (y < 0 || y % rowStride != 0 || y / rowStride >= outHeight) continue;
        for (let j = 0; j < width; j++) {
          const x = column + left - j * dilation;
          if (x < 0 || x % stride != 0 || x / stride >= outWidth) continue;
          store<usize>(taps + (count << 3), dy + (<usize>((image * outHeight + y / rowStride) * outWidth + x / stride) * outputs << 2));
          store<usize>(taps + (count << 3), weights + (<usize>(i * width + j) * outputs << 2), 4);
          count++;
        }
      }
      inputGradientAt(taps, taps + (count << 3), channels, multiplier, out);
    }
  }
}

function inputGradientAt(taps: usize, end: usize, channels: usize, multiplier: usize, out: usize): void {
  const step = multiplier << 2;
  let c: usize = 0;
  for (; c + 4 <= channels; c += 4, out += 16) {
    let total = f32x4.splat(0);
    for (let tap = taps; tap != end; tap += 8) {
      let g = load<usize>(tap) + c * step;
      let w = load<usize>(tap, 4) + c * step;
      if (multiplier == 1) {
        total = f32x4.add(total, f32x4.mul(v128.load(g), v128.load(w)));
      } else {
        for (const last = g + step; g != last; g += 4, w += 4) {
          total = f32x4.add(total, f32x4.mul(gather(g, g + step, g + 2 * step, g + 3 * step), gather(w, w + step, w + 2 * step, w + 3 * step)));
        }
      }
    }
    v128.store(out, total);
  }
  for (; c < channels; c++, out += 4) {
    let total: f32 = 0;
    for (let tap = taps; tap != end; tap += 8) {
      for (let m: usize = 0; m < multiplier; m++) total += load<f32>(load<usize>(tap) + c * step + (m << 2)) * load<f32>(load<usize>(tap, 4) + c * step + (m << 2));
    }
    store<f32>(out, total);
  }
}
