/** What fifty steps on a backend were, and how far from the oracle's. */
import { memory } from '@tensorflow/tfjs-core';
import type { BackendName } from '../../src/backends/backend';
import { loadBackend } from '../../src/backends/loadBackend';
import { smallModels, type BenchModelName } from '../../src/bench/backends/benchModels';
import { startTraining } from '../../src/bench/backends/startTraining';
import { defaultsFor, type Settings } from '../../src/settings/knobs';
import { assemble } from '../../src/trainer/assemble';
import { Mailbox } from '../../src/trainer/mailbox';
import { train } from '../../src/trainer/train';
import { testedPlace } from '../support/backendSuite';

export const steps = 50;

/** The backend whose plain loops are the reference for all others. */
export const oracle = 'cpu';

export async function use(backend: string): Promise<void> {
  await loadBackend(backend as BackendName, testedPlace());
}

export interface Trajectory {
  readonly losses: readonly number[];
  /** Buffers alive after each step. */
  readonly buffers: readonly number[];
  /** Buffers that the run left behind. */
  readonly left: number;
}

/** Of a small model under plain gradient descent. */
export async function modelTrajectory(backend: string, model: BenchModelName): Promise<Trajectory> {
  await use(backend);
  const before = memory().numDataBuffers;
  const training = startTraining(smallModels[model]());
  const [losses, buffers]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    losses.push((await training.step()).loss);
    buffers.push(memory().numDataBuffers);
  }
  training.dispose();
  return { losses, buffers, left: memory().numDataBuffers - before };
}

/** Of every parameter of a small model, at its initial values. */
export async function firstGradients(backend: string, model: BenchModelName): Promise<Float32Array[]> {
  await use(backend);
  const training = startTraining(smallModels[model]());
  try {
    return await training.gradients();
  } finally {
    training.dispose();
  }
}

export type Trained = Pick<Settings, 'model' | 'optimizer'> & Partial<Pick<Settings, 'placement'>>;

/** Of one of the product's own models, by the trainer. */
export async function trainerTrajectory(backend: string, { model, optimizer, placement = 'host' }: Trained): Promise<Trajectory> {
  await use(backend);
  const before = memory().numDataBuffers;
  const settings: Settings = { ...defaultsFor(optimizer), model, placement, backend: backend as Settings['backend'], batchSize: model === 'convnet' ? 3 : 8, validationFraction: 0.01, epochs: 1 };
  const mailbox = new Mailbox();
  const [losses, buffers]: [number[], number[]] = [[], []];
  for await (const event of train(settings, await assemble(settings, testedPlace()), mailbox)) {
    if (event.type === 'finished' && event.reason === 'failed') throw new Error(event.message);
    if (event.type !== 'sample') continue;
    losses.push(event.loss);
    buffers.push(memory().numDataBuffers);
    if (event.step === steps) mailbox.post({ type: 'stop' });
  }
  return { losses, buffers, left: memory().numDataBuffers - before };
}

/** Computes once in this process what every backend is compared with. */
export function remembered<Key, Value>(compute: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const values = new Map<string, Promise<Value>>();
  return key => {
    const text = JSON.stringify(key);
    const value = values.get(text) ?? compute(key);
    values.set(text, value);
    return value;
  };
}
