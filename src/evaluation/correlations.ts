/** How two series of numbers go together, from -1 to 1; undefined where one of them is the same number throughout, or no number. */

/** Pearson's r = Σ (x - x̄)(y - ȳ) / sqrt(Σ (x - x̄)² Σ (y - ȳ)²). */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  if (x.length !== y.length) throw new Error(`There are ${x.length} marks, but ${y.length} predictions. Give one for each.`);
  if (isConstant(x) || isConstant(y)) return undefined;
  const [middleX, middleY] = [mean(x), mean(y)];
  let [together, ofX, ofY] = [0, 0, 0];
  for (let place = 0; place < x.length; place++) {
    const [dx, dy] = [(x[place] as number) - middleX, (y[place] as number) - middleY];
    together += dx * dy;
    ofX += dx * dx;
    ofY += dy * dy;
  }
  const r = together / (Math.sqrt(ofX) * Math.sqrt(ofY));
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : undefined;
}

/** Spearman's ρ: Pearson's r of the ranks; equal numbers share the mean of their ranks. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  return hasNaN(x) || hasNaN(y) ? undefined : pearson(ranks(x), ranks(y));
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, place) => place).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranked = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let next = start + 1;
    while (next < order.length && values[order[next] as number] === values[order[start] as number]) next++;
    for (const place of order.slice(start, next)) ranked[place] = (start + next + 1) / 2;
    start = next;
  }
  return ranked;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let place = 1; place < values.length; place++) if (values[place] !== values[0]) return false;
  return true;
}

function hasNaN(values: ArrayLike<number>): boolean {
  return Array.prototype.some.call(values, Number.isNaN);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < values.length; place++) sum += values[place] as number;
  return sum / values.length;
}
