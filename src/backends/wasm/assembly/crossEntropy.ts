/** Cross-entropy of many classes, row by row: the largest and the sum of exp(z - largest), and the gradient with smoothed targets, (exp(z - lse) - smoothing / columns - (1 - smoothing) onehot) share. */
import { exponential } from './exponential';

export function exponentialSums(z: usize, largest: usize, sums: usize, rows: usize, columns: usize): void {
  const bytes = columns << 2;
  for (let r: usize = 0; r < rows; r++, z += bytes, largest += 4, sums += 4) {
    const most = largestOf(z, columns);
    store<f32>(largest, most);
    store<f32>(sums, sumOfExponentials(z, columns, most));
  }
}

function largestOf(z: usize, columns: usize): f32 {
  const end = z + (columns << 2);
  let four = f32x4.splat(-Infinity);
  for (const whole = z + ((columns & ~3) << 2); z != whole; z += 16) four = f32x4.max(four, v128.load(z));
  let largest = max(max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)), max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)));
  for (; z != end; z += 4) largest = max(largest, load<f32>(z));
  return largest;
}

function sumOfExponentials(z: usize, columns: usize, largest: f32): f32 {
  const end = z + (columns << 2);
  const shift = f32x4.splat(largest);
  let four = f32x4.splat(0);
  for (const whole = z + ((columns & ~3) << 2); z != whole; z += 16) four = f32x4.add(four, exponential(f32x4.sub(v128.load(z), shift)));
  let total = f32x4.extract_lane(four, 0) + f32x4.extract_lane(four, 1) + (f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3));
  for (; z != end; z += 4) total += f32x4.extract_lane(exponential(f32x4.splat(load<f32>(z) - largest)), 0);
  return total;
}

export function smoothedGradient(z: usize, lse: usize, share: usize, labels: usize, out: usize, rows: usize, columns: usize, smoothing: f32): void {
  const bytes = columns << 2;
  for (let r: usize = 0; r < rows; r++, z += bytes, out += bytes, lse += 4, share += 4, labels += 4) {
    const weight = load<f32>(share);
    if (weight == 0) {
      memory.fill(out, 0, bytes);
      continue;
    }
    gradientRow(z, out, columns, load<f32>(lse), weight, smoothing / <f32>columns);
    const ofLabel = out + (<usize>load<i32>(labels) << 2);
    store<f32>(ofLabel, load<f32>(ofLabel) - (1 - smoothing) * weight);
  }
}

function gradientRow(z: usize, out: usize, columns: usize, lse: f32, weight: f32, taken: f32): void {
  const end = z + (columns << 2);
  const shift = f32x4.splat(lse), each = f32x4.splat(taken), factor = f32x4.splat(weight);
  for (const whole = z + ((columns & ~3) << 2); z != whole; z += 16, out += 16) {
    v128.store(out, f32x4.mul(f32x4.sub(exponential(f32x4.sub(v128.load(z), shift)), each), factor));
  }
  for (; z != end; z += 4, out += 4) {
    store<f32>(out, (f32x4.extract_lane(exponential(f32x4.splat(load<f32>(z) - lse)), 0) - taken) * weight);
  }
}
