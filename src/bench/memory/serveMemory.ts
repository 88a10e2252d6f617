/** The other side of the bench of memory: the process in which one technique trains one model, and nothing else goes on. */
import { loadBackend } from '../../backends/loadBackend';
import type { Failed } from '../measuringProcess';
import type { MemoryModelName } from './memoryModels';
import { measurePlain } from './measurePlain';
import { measureTechnique } from './measureTechnique';
import type { Measure, Measured } from './memoryRow';
import { plainName } from './techniques';

/** Serves whoever forked this process, until it lets go. `assets` is the folder of the files that the build made. */
export function serveMemory(assets: string): Promise<never> {
  process.on('message', (request: Measure) => {
    measure(request, assets)
      .catch((error: unknown): Failed => ({ type: 'failed', message: error instanceof Error ? error.message : String(error) }))
      .then(reply => process.send?.(reply), () => process.exit(1));
  });
  // A backend may keep threads of its own alive.
  return new Promise(() => { process.once('disconnect', () => process.exit(0)); });
}

async function measure({ backend: wanted, technique, settings, steps, workspace }: Measure, assets: string): Promise<Measured> {
  const backend = await loadBackend(wanted, { assets, workspace });
  const model = settings.model as MemoryModelName;
  return technique === plainName ? measurePlain(model, settings, steps) : measureTechnique(model, settings, steps, backend, assets);
}
