/** What a 3 x 3 filter becomes for F(2 x 2, 3 x 3): see winograd.ts. */
import { pack } from './pack';

/**
 * to [outputs / 8, 16, channels, 8] = G g G^T of every channel and output: G = [1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1]. A gradient takes the
 * taps in reverse. `packed` [9, channels, 8] is workspace.
 */
export function transformFilter(weights: usize, packed: usize, to: usize, channels: usize, outputs: usize, isGradient: bool): void {
  const stepBytes: usize = isGradient ? 4 : outputs << 2;
  const laneBytes: usize = isGradient ? channels << 2 : 4;
  const tapBytes = channels << 5;
  for (let o: usize = 0; o < outputs; o += 8, to += tapBytes << 4) {
    for (let tap: usize = 0; tap < 9; tap++) pack(weights + ((isGradient ? 8 - tap : tap) * channels * outputs << 2) + o * laneBytes, stepBytes, laneBytes, channels, 8, min<usize>(8, outputs - o), packed + tap * tapBytes);
    for (let at: usize = 0; at < tapBytes; at += 16) {
      for (let i: usize = 0; i < 4; i++) {
        const g0 = filterColumn(packed + at, tapBytes, i);
        const g1 = filterColumn(packed + at + tapBytes, tapBytes, i);
        const g2 = filterColumn(packed + at + 2 * tapBytes, tapBytes, i);
        const place = to + at + (i << 2) * tapBytes;
        const sum = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(0.5));
        const half = f32x4.mul(g1, f32x4.splat(0.5));
        v128.store(place, g0);
        v128.store(place + tapBytes, f32x4.add(sum, half));
        v128.store(place + 2 * tapBytes, f32x4.sub(sum, half));
        v128.store(place + 3 * tapBytes, g2);
      }
    }
  }
}

/** Row i of G times one column of g. */
// @ts-ignore: decorator
@inline
function filterColumn(g: usize, tapBytes: usize, i: usize): v128 {
  const first = v128.load(g);
  if (i == 0) return first;
  const last = v128.load(g + 6 * tapBytes);
  if (i == 3) return last;
  const middle = v128.load(g + 3 * tapBytes);
  const outer = f32x4.add(first, last);
  return f32x4.mul(i == 1 ? f32x4.add(outer, middle) : f32x4.sub(outer, middle), f32x4.splat(0.5));
}
