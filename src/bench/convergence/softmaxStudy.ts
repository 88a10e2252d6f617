/** The ill-conditioned softmax problem as a study. */
import { setImmediate } from 'node:timers/promises';
import type { Settings } from '../../settings/knobs';
import { baselines, methodsOf, type Method } from './methods';
import { fullSize, softmaxProblem, type SoftmaxProblem, type SoftmaxSize } from './softmaxProblem';
import type { Study } from './study';
import { trainSoftmax } from './trainSoftmax';

export interface SoftmaxStudyOptions {
  readonly steps: number;
  readonly size?: SoftmaxSize;
}

const windowed: Partial<Settings> = { window: 32, blockSize: null };
const mfac = methodsOf('M-FAC', { ...windowed, damping: 1e-3 });
const ggt = methodsOf('GGT', { ...windowed, epsilon: 1e-4, beta2: 1 });

export function softmaxStudy({ steps, size = fullSize }: SoftmaxStudyOptions): Study {
  const problems = new Map<number, SoftmaxProblem>();
  const problemOf = (seed: number) => {
    const problem = problems.get(seed) ?? softmaxProblem(seed, size);
    problems.set(seed, problem);
    return problem;
  };
  return {
    name: 'softmax', title: 'Ill-conditioned softmax regression',
    description: describe(steps, size),
    methods: [...baselines, ...mfac, ...ggt],
    firstRungs,
    run: async (settings, seed) => {
      await setImmediate(); // a signal must get through
      return trainSoftmax(problemOf(seed), settings, steps);
    },
  };
}

function firstRungs({ family, label }: Method): readonly [number, number] {
  if (family === 'M-FAC') return [-5, -2];
  if (family === 'GGT') return [-1, 2];
  return label === 'SGD' ? [0, 3] : [-3, 0];
}

function describe(steps: number, { examples, features, classes, batch }: SoftmaxSize): string {
  return `${examples.toLocaleString('en')} examples of ${features} features in ${classes} classes, d = ${features * classes}. Features Z A / sqrt(${features}) with Z and A standard normal and column i of A scaled by 0.97^i; `
    + `labels argmax(x W + Gumbel noise), W twice standard normal. Batches of ${batch}, ${steps} steps, the learning rate falling linearly to zero. `
    + 'Window 32; M-FAC with damping 0.001, GGT with epsilon 0.0001; Top-K over the whole vector as one block. The loss is that over all examples after the last step; '
    + `it starts at ln ${classes} = ${Math.log(classes).toFixed(4)}.`;
}
