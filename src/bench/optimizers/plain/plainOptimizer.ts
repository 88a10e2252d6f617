/**
 * The yardstick that says what all the care in the optimizers is worth: each of these is the same method as a good programmer
 * would write it first in plain JavaScript. Typed arrays and simple loops, no blocking, no threads, nothing kept between
 * steps that can be computed anew. They give the same updates; a test compares them.
 */
export interface PlainOptimizer {
  /** Takes one step: `parameters` [d] are changed by the gradient [d], which stays as it is. */
  step(gradient: Float32Array, parameters: Float32Array): void;
}

/** The rows of a window as a plain optimizer holds them. */
export interface PlainRows {
  /** Row `slot` becomes this gradient, compressed where the method compresses. */
  insert(slot: number, gradient: Float32Array): void;
  /** out[r] = row r . the row last inserted. */
  dots(count: number, out: Float64Array): void;
  /** out [d] = sum_r weights[r] * row r */
  combine(weights: Float64Array, count: number, out: Float32Array): void;
}

/** The weights of the rows in the update, from their gram [m, m] and the slot last inserted. */
export type PlainRule = (gram: Float64Array, size: number, count: number, slot: number) => Float64Array;

export interface PlainWindow extends PlainOptimizer {
  readonly gram: Float64Array;
  /** Declares the first `count` rows filled, the next slot being `slot`. */
  resume(count: number, slot: number): void;
}

export function plainWindow(rows: PlainRows, rule: PlainRule, size: number, dimension: number, learningRate: number): PlainWindow {
  const gram = new Float64Array(size * size);
  const dots = new Float64Array(size);
  const update = new Float32Array(dimension);
  let [filled, cursor] = [0, 0];
  return {
    gram,
    resume: (count, slot) => { [filled, cursor] = [count, slot]; },
    step: (gradient, parameters) => {
      const slot = cursor;
      rows.insert(slot, gradient);
      filled = Math.max(filled, slot + 1);
      cursor = (slot + 1) % size;
      rows.dots(filled, dots);
      for (let row = 0; row < filled; row++) gram[slot * size + row] = gram[row * size + slot] = dots[row] ?? 0;
      rows.combine(rule(gram, size, filled, slot), filled, update);
      for (let at = 0; at < dimension; at++) parameters[at] = (parameters[at] ?? 0) - learningRate * (update[at] ?? 0);
    },
  };
}
