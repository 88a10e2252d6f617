/**
 * The innermost product: a tile of 4 rows and 8 columns, out (+)= A B, held in eight registers over the whole depth, which is at
 * least one. `a` is packed [depth, 4], `b` [depth, 8]; what lies beyond `rows` and `columns` is computed and not stored. Sums are
 * formed in float32, at most `mostDepth` terms in a row, which bounds both the rounding and the packed operands. (Larger tiles, or
 * several steps a turn, spill: V8 loads all operands of a turn first.)
 */
import { multiplyAdd } from './multiplyAdd';

// @ts-ignore: decorator
@inline
export const mostDepth: usize = 256;

export function multiplyTile(a: usize, b: usize, depth: usize, out: usize, rowBytes: usize, rows: usize, columns: usize, isAdded: bool): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  // Tested at the bottom: one jump a step.
  const end = a + (depth << 4);
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
    a += 16;
    b += 32;
  } while (a != end);
  storeRow(out, c00, c01, columns, isAdded);
  if (rows > 1) storeRow(out + rowBytes, c10, c11, columns, isAdded);
  if (rows > 2) storeRow(out + 2 * rowBytes, c20, c21, columns, isAdded);
  if (rows > 3) storeRow(out + 3 * rowBytes, c30, c31, columns, isAdded);
}

/** The first `columns` of eight lanes. */
export function storeRow(out: usize, low: v128, high: v128, columns: usize, isAdded: bool): void {
  if (columns >= 8) {
    if (isAdded) {
      low = f32x4.add(low, v128.load(out));
      high = f32x4.add(high, v128.load(out, 16));
    }
    v128.store(out, low);
    v128.store(out, high, 16);
    return;
  }
  if (columns >= 4) {
    v128.store(out, isAdded ? f32x4.add(low, v128.load(out)) : low);
    out += 16;
    columns -= 4;
    low = high;
  }
  for (; columns > 0; columns--, out += 4) {
    const lane = f32x4.extract_lane(low, 0);
    store<f32>(out, isAdded ? lane + load<f32>(out) : lane);
    low = v128.shuffle<i32>(low, low, 1, 2, 3, 3);
  }
}
