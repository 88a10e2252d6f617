/**
 * Times one optimizer at one size, its window full, and weighs its state.
 *
 * A step is what a training loop waits for: from a gradient in the optimizer's own memory to changed parameters. Its time is
 * the median of several, of means over whole intervals where an optimizer does more every so many steps. M-FAC inverts its
 * gram anew every m steps; a share of 1/m of that is part of the step and of its solve.
 */
import type { SparseCompute } from '../../kernels/sparseCompute';
import { createOptimizer, type Optimizer } from '../../optimizers/optimizer';
import type { ParameterView } from '../../optimizers/transformation';
import type { Settings } from '../../settings/knobs';
import { isAmong, sided } from '../../settings/optimizers';
import { parameterSpace } from '../../settings/parameterSpace';
import { stateBytes, totalBytes } from '../../settings/stateBytes';
import { meansOf, median } from '../statistics';
import { fillWindow } from './fillWindow';
import { gradientSource, type GradientSource } from './gradients';
import { parts, piecesOf, type Part } from './parts';
import { plainFor } from './plain/plainFor';
import { problemShapes } from './shapes';
import { repeat, type Breathe, type Repetition } from './stopwatch';
import { windowStateIn } from './windowedState';

export interface Measurement {
  readonly stepMs: number;
  /** Of a step, in milliseconds; absent where the optimizer has no such part. */
  readonly parts: Partial<Record<Part, number>>;
  /** A step of the plain version; absent where there is none, or no room for it. */
  readonly plainMs: number | undefined;
  readonly stateBytes: number;
  readonly formulaBytes: number;
}

export interface MeasureOptions {
  readonly settings: Settings;
  readonly dimension: number;
  readonly compute: SparseCompute;
  readonly withPlain: boolean;
  readonly breathe: Breathe;
  /** Told what is going on. */
  readonly note: (what: string) => void;
}

export async function measureOptimizer({ settings, dimension, compute, withPlain, breathe, note }: MeasureOptions): Promise<Measurement> {
  const shapes = problemShapes(dimension);
  const parameters = shapes.map(({ name, shape }): ParameterView => ({ name, shape, values: compute.createVector(shape.reduce((product, side) => product * side, 1)) }));
  const optimizer = createOptimizer(settings, shapes, { compute });
  const gradients = gradientSource(dimension);
  note('filling the window');
  const steps = await fillWindow(optimizer, parameters, settings, compute, gradients, breathe);
  note('timing steps');
  const ordinary = await stepTimes(optimizer, parameters, settings, gradients, steps, breathe);
  note('timing parts');
  const { times, refresh } = await partTimes(settings, compute, optimizer, gradients, median(ordinary) > slowMs ? 2 : 4, breathe);
  const weighed = totalBytes(optimizer.stateBytes());
  note('timing the plain version');
  const plainMs = withPlain ? await plainTime(settings, optimizer, dimension, gradients, breathe) : undefined;
  return {
    stepMs: median(ordinary) + refresh, parts: times, plainMs,
    stateBytes: weighed, formulaBytes: totalBytes(stateBytes(settings, parameterSpace(shapes))),
  };
}

/** Steps longer than this are taken as seldom as will do. */
const slowMs = 2000;

async function stepTimes(optimizer: Optimizer, parameters: readonly ParameterView[], settings: Settings, gradients: GradientSource, done: number, breathe: Breathe): Promise<number[]> {
  const period = isAmong(sided, settings.optimizer) ? settings.preconditionInterval : 1;
  let step = done;
  const take = (repetition: Repetition) => repeat(() => optimizer.update(optimizer.gradient, parameters, step), repetition, breathe, () => gradients.write(++step, optimizer.gradient));
  const isSlow = median(await take({ least: 1, most: 3, milliseconds: slowMs })) > slowMs;
  const times = await take({ least: isSlow ? period : Math.max(5, period), most: isSlow ? period : Math.max(25, 2 * period), milliseconds: 3000 });
  return meansOf(times.slice(0, times.length - times.length % period), period);
}

/** `refresh` is the share that a step has of what the solver does anew only now and then. */
async function partTimes(settings: Settings, compute: SparseCompute, optimizer: Optimizer, gradients: GradientSource, least: number, breathe: Breathe) {
  gradients.write(1, optimizer.gradient);
  const pieces = piecesOf(settings, compute, optimizer.state, optimizer.gradient);
  const all: Partial<Record<Part, number[]>> = {};
  await repeat(() => {
    for (const part of parts) {
      const piece = pieces[part];
      if (piece === undefined) continue;
      const begun = performance.now();
      piece();
      (all[part] ??= []).push(performance.now() - begun);
    }
  }, { least, most: 25, milliseconds: 2000 }, breathe);
  const times: Partial<Record<Part, number>> = {};
  for (const part of parts) if (all[part] !== undefined) times[part] = median(all[part].slice(1));
  const refresh = times.solve === undefined ? 0 : Math.max(0, (all.solve?.[0] ?? 0) - times.solve) / settings.window;
  if (times.solve !== undefined) times.solve += refresh;
  return { times, refresh };
}

async function plainTime(settings: Settings, optimizer: Optimizer, dimension: number, gradients: GradientSource, breathe: Breathe): Promise<number | undefined> {
  const plain = plainFor(settings, dimension, windowStateIn(optimizer.state));
  if (plain === undefined) return undefined;
  const [gradient, parameters] = [new Float32Array(dimension), new Float32Array(dimension)];
  const times = await repeat(() => plain.step(gradient, parameters), { least: 3, most: 12, milliseconds: 2000 }, breathe, index => gradients.write(index, gradient));
  return median(times.slice(1));
}
