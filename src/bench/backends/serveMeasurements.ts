/** The other side of a measurement: the process in which one backend trains one model, and nothing else goes on. */
import type { Backend } from '../../backends/backend';
import { loadBackend } from '../../backends/loadBackend';
import { benchModels, smallModels } from './benchModels';
import { startTraining, type Training } from './startTraining';
import type { Answer, Begin, Request } from './turns';

/** Serves whoever forked this process, until it lets go. `assets` is the folder of the files that the build made. */
export function serveMeasurements(assets: string): Promise<never> {
  let training: Training | undefined;
  const answer = async (request: Request): Promise<Answer> => {
    if (request.type === 'begin') {
      const backend = await load(request, assets);
      training = startTraining((request.size === 'full' ? benchModels : smallModels)[request.model]());
      return { type: 'begun', version: backend.version, device: backend.device, isSoftware: isSoftware(backend) };
    }
    if (training === undefined) throw new Error('A step was asked for before a model.');
    return take(training, request.steps);
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

/** Only webgpu says, by its adapter. */
function isSoftware({ adapter }: Backend & { readonly adapter?: { readonly isSoftware?: boolean } }): boolean {
  return adapter?.isSoftware === true;
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
