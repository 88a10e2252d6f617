/** Where `efcp trace` holds the optimizer's state: on the host, or in tensors of a backend, which is loaded when it is named. */
import type { BackendPlace } from '../backends/loadBackend';
import { defaults } from '../settings/knobs';
import { chosenForRun } from '../trainer/choice/chooseForRun';
import { checkDevice } from '../settings/devicePlacement';
import type { TraceProblem } from './traceProblem';
import { replayOnDevice, replayOnHost, type Replay } from './traceReplay';
import { UsageError } from './usageError';

export const traceBackends = ['host', 'cpu', 'wasm', 'tensorflow', 'webgpu', 'auto'] as const;
export type TraceBackend = (typeof traceBackends)[number];

const toTheHost = 'write --placement host';

/** Where the state is to lie. Like that of a run it stays on the host, whatever the backend, unless the placement is the device. */
export function placeOfState(backend: string | undefined, placement: string): TraceBackend {
  const known = traceBackends.find(each => each === (backend ?? 'auto'));
  if (known === undefined) throw new UsageError(`--backend is ${backend ?? ''}, but must be one of ${traceBackends.join(', ')}. Name one of these, or leave it out.`);
  if (placement === 'host') return 'host';
  if (placement !== 'device') throw new UsageError(`--placement is ${placement}, but must be host or device. Name one of these, or leave it out for host.`);
  if (known === 'host') throw new UsageError('--placement is device, but --backend is host, which is no device. Name another backend, or leave it out for auto.');
  return known;
}

/** Throws InputError where the device does not have these settings, before a backend is loaded, and UsageError where that cannot be. */
export async function openReplay(problem: TraceProblem, name: TraceBackend, place: BackendPlace): Promise<Replay> {
  if (name === 'host') return replayOnHost(problem);
  checkDevice(problem.settings, name, toTheHost);
  try {
    await chosenForRun({ ...defaults, backend: name }, place);
  } catch (error) {
    throw new UsageError(`--backend is ${name}, which does not start: ${error instanceof Error ? error.message : String(error)} Or ${toTheHost}.`);
  }
  return replayOnDevice(problem);
}
