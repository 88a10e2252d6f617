/** M-FAC's weights: m (m damping I + gram)^-1 e_slot, by a Cholesky factorisation made anew in every step. */
import type { PlainRule } from './plainOptimizer';

export function plainInverse(damping: number): PlainRule {
  return (gram, size, count, slot) => {
    const factor = new Float64Array(count * count);
    for (let row = 0; row < count; row++) {
      for (let column = 0; column <= row; column++) {
        let rest = (gram[row * size + column] ?? 0) + (row === column ? size * damping : 0);
        for (let at = 0; at < column; at++) rest -= (factor[row * count + at] ?? 0) * (factor[column * count + at] ?? 0);
        factor[row * count + column] = row === column ? Math.sqrt(rest) : rest / (factor[column * count + column] ?? 0);
      }
    }
    const x = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      let rest = row === slot ? size : 0;
      for (let at = 0; at < row; at++) rest -= (factor[row * count + at] ?? 0) * (x[at] ?? 0);
      x[row] = rest / (factor[row * count + row] ?? 0);
    }
    for (let row = count - 1; row >= 0; row--) {
      let rest = x[row] ?? 0;
      for (let at = row + 1; at < count; at++) rest -= (factor[at * count + row] ?? 0) * (x[at] ?? 0);
      x[row] = rest / (factor[row * count + row] ?? 0);
    }
    return x;
  };
}
