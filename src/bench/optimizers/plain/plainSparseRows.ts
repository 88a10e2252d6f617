/** Gradients cut to the largest entries of every block, with error feedback: values and positions, row after row. */
import type { PlainRows } from './plainOptimizer';

export interface PlainSparseOptions {
  readonly size: number;
  readonly dimension: number;
  readonly density: number;
  readonly blockSize: number | null;
  readonly errorFeedback: boolean;
}

export interface PlainSparseRows extends PlainRows {
  /** k */
  readonly kept: number;
  readonly values: Float32Array; // [m, k]
  readonly positions: Int32Array; // [m, k]
}

export function plainSparseRows({ size, dimension, density, blockSize, errorFeedback }: PlainSparseOptions): PlainSparseRows {
  const block = Math.min(blockSize ?? dimension, dimension);
  const keptOf = (start: number) => Math.ceil((Math.min(start + block, dimension) - start) * density);
  let kept = 0;
  for (let start = 0; start < dimension; start += block) kept += keptOf(start);
  const values = new Float32Array(size * kept);
  const positions = new Int32Array(size * kept);
  const sum = new Float32Array(dimension); // what was left out, and then the gradient on top of it
  const whole = new Float32Array(dimension); // the row last inserted
  return {
    kept, values, positions,
    insert: (slot, gradient) => {
      for (let at = 0; at < dimension; at++) sum[at] = (errorFeedback ? sum[at] ?? 0 : 0) + (gradient[at] ?? 0);
      let to = slot * kept;
      for (let start = 0; start < dimension; start += block) to = takeLargest(sum, start, Math.min(start + block, dimension), keptOf(start), values, positions, to);
      whole.fill(0);
      for (let at = slot * kept; at < (slot + 1) * kept; at++) {
        whole[positions[at] ?? 0] = values[at] ?? 0;
        sum[positions[at] ?? 0] = 0;
      }
    },
    dots: (count, out) => {
      for (let row = 0; row < count; row++) {
        let product = 0;
        for (let at = row * kept; at < (row + 1) * kept; at++) product += (values[at] ?? 0) * (whole[positions[at] ?? 0] ?? 0);
        out[row] = product;
      }
    },
    combine: (weights, count, out) => {
      out.fill(0);
      for (let row = 0; row < count; row++) {
        const weight = weights[row] ?? 0;
        for (let at = row * kept; at < (row + 1) * kept; at++) {
          const position = positions[at] ?? 0;
          out[position] = (out[position] ?? 0) + weight * (values[at] ?? 0);
        }
      }
    },
  };
}

/** Writes the `kept` largest entries of one block from `to` on; returns where the next block's go. Of equals the first win. */
function takeLargest(vector: Float32Array, start: number, end: number, kept: number, values: Float32Array, positions: Int32Array, to: number): number {
  const magnitudes = vector.slice(start, end).map(Math.abs);
  const least = quickSelect(magnitudes, magnitudes.length - kept);
  let ties = kept;
  for (let at = start; at < end; at++) if (Math.abs(vector[at] ?? 0) > least) ties--;
  for (let at = start; at < end; at++) {
    const magnitude = Math.abs(vector[at] ?? 0);
    if (magnitude > least || (magnitude === least && ties-- > 0)) {
      positions[to] = at;
      values[to++] = vector[at] ?? 0;
    }
  }
  return to;
}

/** The entry that would be at `index` if `numbers`, which are moved about, were sorted: Hoare's algorithm. */
export function quickSelect(numbers: Float32Array, index: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const pivot = numbers[(low + high) >>> 1] ?? 0;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((numbers[left] ?? 0) < pivot) left++;
      while ((numbers[right] ?? 0) > pivot) right--;
      if (left <= right) {
        const moved = numbers[left] ?? 0;
        numbers[left++] = numbers[right] ?? 0;
        numbers[right--] = moved;
      }
    }
    if (index <= right) high = right;
    else if (index >= left) low = left;
    else break;
  }
  return numbers[index] ?? 0;
}
