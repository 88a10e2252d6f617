/**
 * Adam on Rosenbrock's valley f = (1 - x)^2 + 100 (y - x^2)^2 from (-1/2, 1), its gradient whole, cut to the larger of its two
 * entries, and so cut with error feedback: the picture of MicroAdam (arXiv 2405.15593, figure 1), drawn anew.
 */
import { typedArrays } from '../../kernels/typedArrays';
import { scaleByAdam } from '../../optimizers/adam';
import { chain } from '../../optimizers/chain';
import { topK, type TopKSettings } from '../../optimizers/compressors/topK';
import { descend, tensorSettingsOf } from '../../optimizers/descend';
import { withErrorFeedback } from '../../optimizers/errorFeedback';
import type { StateTree } from '../../optimizers/stateTree';
import type { Transformation, Updates } from '../../optimizers/transformation';
import { withoutErrorFeedback } from '../../optimizers/withoutErrorFeedback';
import { parameterSpace } from '../../settings/parameterSpace';

export const rosenbrock = (x: number, y: number) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
export const rosenbrockStart = [-0.5, 1] as const;
export const rosenbrockMinimum = [1, 1] as const;

export interface RosenbrockPath {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** f at the last point. */
  readonly loss: number;
}

const oneOfTwo: TopKSettings = { density: 0.5, blockSize: null, groups: [], valuePrecision: 'float32' };
const adam = () => scaleByAdam({ beta1: () => 0.9, beta2: () => 0.999, epsilon: () => 1e-8 });
const compressor = () => topK(() => oneOfTwo, typedArrays);

export function rosenbrockPaths(steps: number, learningRate: number): readonly RosenbrockPath[] {
  return [
    follow('Adam', adam(), steps, learningRate),
    follow('Top-K Adam', chain(withoutErrorFeedback(compressor()), adam()), steps, learningRate),
    follow('Top-K Adam with error feedback', chain(withErrorFeedback(compressor(), () => 32), adam()), steps, learningRate),
  ];
}

function follow<State extends StateTree>(label: string, method: Transformation<State>, steps: number, learningRate: number): RosenbrockPath {
  const point = { name: 'point', shape: [2], values: Float32Array.from(rosenbrockStart) };
  const space = parameterSpace([point]);
  const state = method.init(space);
  const tensors = tensorSettingsOf([], space);
  const updates: Updates = { dense: new Float32Array(2), kept: undefined };
  const points = [rosenbrockStart as readonly [number, number]];
  for (let step = 1; step <= steps; step++) {
    const [x = 0, y = 0] = point.values;
    updates.dense.set([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]);
    updates.kept = undefined;
    method.update(updates, state, [point], step);
    descend(typedArrays, updates.dense, [point], tensors, learningRate, 0);
    points.push([point.values[0] ?? 0, point.values[1] ?? 0]);
  }
  const [x, y] = points.at(-1) ?? rosenbrockStart;
  return { label, points, loss: rosenbrock(x, y) };
}

/** How far the other path leaves aside what `path` goes through: the largest distance of a point of `path` from the other. */
export function leftAside({ points }: RosenbrockPath, { points: others }: RosenbrockPath): number {
  const nearest = points.map(([x, y]) => others.reduce((least, [otherX, otherY]) => Math.min(least, Math.hypot(otherX - x, otherY - y)), Number.POSITIVE_INFINITY));
  return Math.max(...nearest);
}
