/** Steps of a run's own placement on made-up gradients, each timed. */
import { slice, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { performance } from 'node:perf_hooks';
import type { Backend } from '../../backends/backend';
import type { Weights } from '../../gradients/weights';
import { Ledger } from '../../memory/ledger';
import { sizeOf } from '../../models/model';
import type { Settings } from '../../settings/knobs';
import type { Shaped } from '../../settings/parameterSpace';
import { createPlacement } from '../createPlacement';
import type { Placement } from '../placement';

export interface TimedRun {
  readonly settings: Settings;
  readonly backend: Backend;
  readonly totalSteps: number;
  /** Folder of the built kernels. */
  readonly assets: string;
}

export interface TimedUpdate {
  /** Of all gradients of a slice. */
  readonly collectMs: number;
  readonly updateMs: number;
}

export interface TimedUpdates {
  /** By step. */
  readonly updates: readonly TimedUpdate[];
  /** For all parameters once. */
  readonly lendMs: number;
}

/** `steps`: their numbers, by which some do more than others. */
export async function timedUpdates({ settings, backend, totalSteps, assets }: TimedRun, parameters: readonly Shaped[], steps: readonly number[]): Promise<TimedUpdates> {
  const ledger = new Ledger();
  const model = { parameters: parameters.map(({ name, shape }) => ({ name, shape, deviation: 0 })), buffers: [] };
  const gradients = new MadeUpGradients(parameters);
  let placement: Placement | undefined;
  try {
    placement = createPlacement({ settings, model, backend, ledger, totalSteps, assets });
    const updates: TimedUpdate[] = [];
    for (const step of steps) updates.push(await timedUpdate(placement, gradients.make(), step));
    return { updates, lendMs: timeOfLending(placement.weights, parameters.length) };
  } finally {
    placement?.dispose();
    ledger.stop();
  }
}

async function timedUpdate(placement: Placement, gradients: readonly Tensor[], step: number): Promise<TimedUpdate> {
  const begun = performance.now();
  gradients.forEach((gradient, parameter) => {
    placement.collect(parameter, gradient, { weight: 1, first: true, last: true });
    gradient.dispose();
  });
  const collected = performance.now();
  await placement.update(step, { lossScale: 1 });
  await finished(placement.weights);
  return { collectMs: collected - begun, updateMs: performance.now() - collected };
}

/** Waits until a device has really updated, by reading one number. */
async function finished(weights: Weights): Promise<void> {
  const one = weights.lend([0], ([parameter]) => slice(parameter as Tensor, parameter?.shape.map(() => 0) ?? [], parameter?.shape.map(() => 1)));
  await one.data();
  one.dispose();
}

function timeOfLending(weights: Weights, count: number): number {
  const times = Array.from({ length: 2 }, () => {
    const begun = performance.now();
    for (let place = 0; place < count; place++) weights.lend([place], () => undefined);
    return performance.now() - begun;
  });
  return Math.min(...times);
}

/** Another stretch of the same noise every time: rows of a window that were alike would be solved another way. */
class MadeUpGradients {
  private readonly noise: Float32Array;
  private step = 0;

  constructor(private readonly parameters: readonly Shaped[]) {
    const length = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0) + mostShift;
    this.noise = new Float32Array(length);
    let bits = 1;
    for (let at = 0; at < length; at++) {
      bits = (Math.imul(bits, 1_664_525) + 1_013_904_223) | 0;
      this.noise[at] = bits * 2 ** -38;
    }
  }

  make(): Tensor[] {
    let from = (this.step++ * shift) % mostShift;
    return this.parameters.map(({ shape }) => {
      const start = from;
      from += sizeOf(shape);
      return tensor(this.noise.subarray(start, from), [...shape], 'float32');
    });
  }
}

const shift = 61;
const mostShift = 4096;
