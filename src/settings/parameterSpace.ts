/** All parameters of a model as one flat vector: which tensor lies where, in order. */
export interface Shaped {
  readonly name: string;
  readonly shape: readonly number[];
}

/** One tensor and the run of the flat vector that it takes up. */
export interface TensorPlace extends Shaped {
  readonly start: number;
  readonly length: number;
}

export interface ParameterSpace {
  /** d, the length of the flat vector. */
  readonly dimension: number;
  readonly tensors: readonly TensorPlace[];
}

export function parameterSpace(tensors: readonly Shaped[]): ParameterSpace {
  let dimension = 0;
  const places = tensors.map(({ name, shape }) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const start = dimension;
    dimension += length;
    return { name, shape, start, length };
  });
  return { dimension, tensors: places };
}
