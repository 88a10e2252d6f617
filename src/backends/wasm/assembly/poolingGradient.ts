/**
 * The gradients of pooling, NHWC: dx, which holds zeros, gets dy of every window: at the first place of the largest input of the
 * window (`x` is the input), or, where `x` is 0, dy / (height width) at every place. SIMD goes over the channels.
 */
export function poolingGradient(
  x: usize, dy: usize, dx: usize, batch: i32, inHeight: i32, inWidth: i32, channels: usize, outHeight: i32, outWidth: i32,
  height: i32, width: i32, rowStride: i32, stride: i32, top: i32, left: i32,
): void {
  const rowBytes = <usize>inWidth * channels << 2;
  const share: f32 = 1 / <f32>(height * width);
  for (let row = 0; row < batch * outHeight; row++) {
    const image = row / outHeight;
    const y = (row - image * outHeight) * rowStride - top;
    const firstRow = max(0, y);
    const lastRow = min(inHeight, y + height);
    const imageOffset = <usize>image * <usize>inHeight * rowBytes;
    for (let column = 0; column < outWidth; column++, dy += channels << 2) {
      const firstColumn = max(0, column * stride - left);
      const lastColumn = min(inWidth, column * stride - left + width);
      if (lastRow <= firstRow || lastColumn <= firstColumn) continue;
      const offset = imageOffset + <usize>firstRow * rowBytes + (<usize>firstColumn * channels << 2);
      if (x == 0) spread(dy, dx + offset, <usize>(lastRow - firstRow), <usize>(lastColumn - firstColumn), rowBytes, channels, share);
      else toLargest(x + offset, dy, dx + offset, <usize>(lastRow - firstRow), <usize>(lastColumn - firstColumn), rowBytes, channels);
    }
  }
}

function spread(dy: usize, dx: usize, rows: usize, columns: usize, rowBytes: usize, channels: usize, share: f32): void {
  const part = f32x4.splat(share);
  for (let r: usize = 0; r < rows; r++, dx += rowBytes) {
    let at = dx;
    for (let p: usize = 0; p < columns; p++) {
      let c: usize = 0;
      for (; c + 4 <= channels; c += 4, at += 16) v128.store(at, f32x4.add(v128.load(at), f32x4.mul(part, v128.load(dy + (c << 2)))));
      for (; c < channels; c++, at += 4) store<f32>(at, load<f32>(at) + share * load<f32>(dy + (c << 2)));
    }
  }
}

/** NaN is never larger, so a window of nothing else passes no gradient on. */
function toLargest(x: usize, dy: usize, dx: usize, rows: usize, columns: usize, rowBytes: usize, channels: usize): void {
  let c: usize = 0;
  for (; c + 4 <= channels; c += 4, x += 16, dx += 16, dy += 16) {
    let largest = f32x4.splat(-Infinity);
    let places = i32x4.splat(-1);
    for (let r: usize = 0; r < rows; r++) {
      for (let p: usize = 0; p < columns; p++) {
        const offset = r * rowBytes + (p * channels << 2);
        const value = v128.load(x + offset);
        const isLarger = f32x4.gt(value, largest);
        largest = v128.bitselect(value, largest, isLarger);
        places = v128.bitselect(i32x4.splat(<i32>offset), places, isLarger);
      }
    }
    add(dx, i32x4.extract_lane(places, 0), dy);
    add(dx + 4, i32x4.extract_lane(places, 1), dy + 4);
    add(dx + 8, i32x4.extract_lane(places, 2), dy + 8);
    add(dx + 12, i32x4.extract_lane(places, 3), dy + 12);
  }
  for (; c < channels; c++, x += 4, dx += 4, dy += 4) {
    let largest: f32 = -Infinity;
    let place = -1;
    for (let r: usize = 0; r < rows; r++) {
      for (let p: usize = 0; p < columns; p++) {
        const offset = r * rowBytes + (p * channels << 2);
        const value = load<f32>(x + offset);
        if (value > largest) {
          largest = value;
          place = <i32>offset;
        }
      }
    }
    add(dx, place, dy);
  }
}

// @ts-ignore: decorator
@inline
function add(dx: usize, offset: i32, dy: usize): void {
  if (offset >= 0) store<f32>(dx + offset, load<f32>(dx + offset) + load<f32>(dy));
}
