/**
 * What the trainer's program does in a process of its own when it is asked for a measurement instead of a run: loads one backend
 * and times a few training steps of the run's own model and batch on it, with plain SGD, so that what is compared is the
 * backends. A backend that breaks, or takes the process down with it, is a reason and no harm.
 */
import { matMul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import { loadBackend, type BackendPlace } from '../../backends/loadBackend';
import { adapterInWords } from '../../backends/webgpuAdapter';
import type { BackendName } from '../../backends/backend';
import { batchPlan } from '../../data/batchPlan';
import { noAugmentation } from '../../data/moves';
import type { Alternative } from '../../protocol/backends';
import { resolveSettings } from '../../settings/validate';
import { assemble } from '../assemble';
import type { Workload } from './workload';

export interface ProbeRequest {
  readonly backend: BackendName;
  readonly place: BackendPlace;
  readonly workload: Workload;
}

/** Steps before the first that counts: kernels are compiled, caches filled, memory grown. */
const untimed = 3;
const [fewest, most] = [5, 60];
/** Milliseconds after which `fewest` steps are enough. */
const enoughMs = 400;

export async function probe({ backend: name, place, workload }: ProbeRequest): Promise<Alternative> {
  const backend = await loadBackend(name, place);
  const { device, adapter } = backend;
  const found = { name, version: backend.version, about: adapter === undefined ? backend.reason : adapterInWords(adapter), ...(device === undefined ? {} : { device }), ...(adapter === undefined ? {} : { adapter: { ...adapter } }) };
  if (adapter?.isSoftware === true) return { ...found, refused: 'it is software that stands in for a GPU' };
  await checkProduct();
  const settings = resolveSettings({ ...workload, backend: name, optimizer: 'sgd', learningRate: 1e-6 });
  const { dataset, split, stepper, ledger } = await assemble(settings, place, backend);
  const times: number[] = [];
  const begun = performance.now();
  let step = 0;
  while (times.length < fewest || (times.length < most && performance.now() - begun < enoughMs)) {
    for (const batch of batchPlan(dataset, split.train, { ...settings, augmentation: noAugmentation }).epoch(0)) {
      const before = performance.now();
      await stepper.run(batch, ++step);
      if (step > untimed) times.push(performance.now() - before);
      if (times.length >= fewest && (times.length >= most || performance.now() - begun >= enoughMs)) break;
    }
  }
  stepper.dispose();
  ledger.stop();
  // What a device refuses it tells a turn later; the steps before were quick and wrong.
  await setImmediate();
  const failure = backend.failed?.();
  if (failure !== undefined) throw failure;
  return { ...found, stepMs: median(times) };
}

/** A backend that loads and computes nonsense is of no use, however fast. */
async function checkProduct(): Promise<void> {
  const result = tidy(() => matMul(tensor2d([[1, 2], [3, 4]]), tensor2d([[5], [6]])));
  const product = await result.data().finally(() => { result.dispose(); });
  if (product[0] !== 17 || product[1] !== 39) throw new Error(`It computes a wrong product: ${product.join(', ')}.`);
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}
