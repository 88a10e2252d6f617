/** out = (x - mean) * factor + offset by channel, for x [positions, channels]. `factors` [channels] is written here: scale / sqrt(variance + epsilon). */
export function batchNorm(x: usize, mean: usize, variance: usize, offset: usize, scale: usize, epsilon: f32, out: usize, positions: usize, channels: usize, factors: usize): void {
  for (let c: usize = 0; c < channels << 2; c += 4) {
    store<f32>(factors + c, (scale == 0 ? <f32>1 : load<f32>(scale + c)) / Mathf.sqrt(load<f32>(variance + c) + epsilon));
  }
  const bytes = channels << 2;
  const whole = bytes & ~15;
  for (let p: usize = 0; p < positions; p++, x += bytes, out += bytes) {
    let c: usize = 0;
    for (; c < whole; c += 16) {
      const centred = f32x4.mul(f32x4.sub(v128.load(x + c), v128.load(mean + c)), v128.load(factors + c));
      v128.store(out + c, offset == 0 ? centred : f32x4.add(centred, v128.load(offset + c)));
    }
    for (; c < bytes; c += 4) {
      const centred = (load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(factors + c);
      store<f32>(out + c, offset == 0 ? centred : centred + load<f32>(offset + c));
    }
  }
}
