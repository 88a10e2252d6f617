/** What a tile of 4 x 4 inputs becomes for F(2 x 2, 3 x 3): see winograd.ts. */

/**
 * B^T d B of four tiles, or four channels, at once, to 16 places that lie `bytes` apart: B^T = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1]. Rows lie
 * at `r0` to `r3`, columns so far from there.
 */
// @ts-ignore: decorator
@inline
export function transformTile(r0: usize, r1: usize, r2: usize, r3: usize, c0: usize, c1: usize, c2: usize, c3: usize, to: usize, bytes: usize): void {
  storeRow(to, bytes, difference(r0, r2, c0), difference(r0, r2, c1), difference(r0, r2, c2), difference(r0, r2, c3));
  storeRow(to + 4 * bytes, bytes, sum(r1, r2, c0), sum(r1, r2, c1), sum(r1, r2, c2), sum(r1, r2, c3));
  storeRow(to + 8 * bytes, bytes, difference(r2, r1, c0), difference(r2, r1, c1), difference(r2, r1, c2), difference(r2, r1, c3));
  storeRow(to + 12 * bytes, bytes, difference(r1, r3, c0), difference(r1, r3, c1), difference(r1, r3, c2), difference(r1, r3, c3));
}

// @ts-ignore: decorator
@inline
function sum(a: usize, b: usize, column: usize): v128 {
  return f32x4.add(v128.load(a + column), v128.load(b + column));
}

// @ts-ignore: decorator
@inline
function difference(a: usize, b: usize, column: usize): v128 {
  return f32x4.sub(v128.load(a + column), v128.load(b + column));
}

// @ts-ignore: decorator
@inline
function storeRow(to: usize, bytes: usize, e0: v128, e1: v128, e2: v128, e3: v128): void {
  v128.store(to, f32x4.sub(e0, e2));
  v128.store(to + bytes, f32x4.add(e1, e2));
  v128.store(to + 2 * bytes, f32x4.sub(e2, e1));
  v128.store(to + 3 * bytes, f32x4.sub(e1, e3));
}
