/** The other side of a measurement: the process in which one backend trains one model, and nothing else goes on. */
import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../../backends/backend';
import { loadBackend } from '../../backends/loadBackend';
import { benchModels, smallModels } from './benchModels';
import { startTraining, type Training } from './startTraining';
import type { Answer, Begin, Request } from './turns';

/** Serves whoever forked this process, until it lets go. `assets` is the folder of the files that the build made. */
export function serveMeasurements(assets: string): Promise<never> {
  let training: Training | undefined;
  let backend: Backend | undefined;
  const answer = async (request: Request): Promise<Answer> => {
    if (request.type === 'begin') {
      backend = await load(request, assets);
      training = startTraining((request.size === 'full' ? benchModels : smallModels)[request.model]());
      return { type: 'begun', version: backend.version, device: backend.device, isSoftware: backend.adapter?.isSoftware === true };
    }
    if (training === undefined) throw new Error('A step was asked for before a model.');
    const taken = await take(training, request.steps);
    // What a device refuses it tells a turn later, and what it computes from then on are wrong numbers.
    await setImmediate();
    const failure = backend?.failed?.();
    if (failure !== undefined) throw failure;
    return taken;
  };
  process.on('message', (request: Request) => {
    answer(request)
      .catch((error: unknown): Answer => ({ type: 'failed', message: error instanceof Error ? error.message : String(error) }))
      .then(reply => process.send?.(reply), () => process.exit(1));
  });
  // A backend may keep threads of its own alive.
  return new Promise(() => { process.once('disconnect', () => process.exit(0)); });
}

function load({ backend, workspace }: Begin, assets: string): Promise<Backend> {
  return loadBackend(backend, { assets, workspace });
}

async function take(training: Training, steps: number): Promise<Answer> {
  const [milliseconds, losses]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    const result = await training.step();
    milliseconds.push(result.milliseconds);
    losses.push(result.loss);
  }
  return { type: 'taken', milliseconds, losses };
}
