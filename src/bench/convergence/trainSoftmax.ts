/** One optimizer on the softmax problem, its learning rate falling linearly to zero. */
import { NonFiniteGradientError } from '../../optimizers/nonFiniteGradient';
import { createOptimizer } from '../../optimizers/optimizer';
import { defaultsFor, type Settings } from '../../settings/knobs';
import { diverged, type CurvePoint, type Outcome } from './outcome';
import type { SoftmaxProblem } from './softmaxProblem';

/** How many losses of a curve are taken, between the first step and the last. */
const curvePoints = 50;

export function trainSoftmax(problem: SoftmaxProblem, given: Partial<Settings>, steps: number): Outcome {
  const settings: Settings = { ...defaultsFor(given.optimizer ?? 'sgd'), ...given, schedule: 'linear' };
  const [features, classes] = problem.shape;
  const weights = { name: 'weights', shape: problem.shape, values: new Float32Array(features * classes) };
  const optimizer = createOptimizer(settings, [weights], { totalSteps: steps });
  const draw = problem.batches();
  const curve: CurvePoint[] = [{ step: 0, loss: problem.loss(weights.values) }];
  try {
    for (let step = 1; step <= steps; step++) {
      problem.gradient(weights.values, draw(), optimizer.gradient);
      optimizer.update(optimizer.gradient, [weights], step);
      if (step === steps || step % Math.ceil(steps / curvePoints) === 0) curve.push({ step, loss: problem.loss(weights.values) });
    }
  } catch (error) {
    if (error instanceof NonFiniteGradientError) return diverged;
    throw error;
  }
  const loss = curve.at(-1)?.loss ?? Number.NaN;
  return Number.isFinite(loss) ? { loss, curve } : diverged;
}
