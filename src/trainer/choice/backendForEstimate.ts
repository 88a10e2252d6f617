/** Where a run would compute, as far as that is known without measuring: what was measured before, or else the embedded backend. */
import type { Backend, BackendName } from '../../backends/backend';
import { candidatesAt } from '../../backends/candidates';
import { loadBackend, type BackendPlace } from '../../backends/loadBackend';
import type { Settings } from '../../settings/knobs';
import { keyOf, recall } from './choiceCache';
import { ranked } from './ranking';
import { inWords, workloadOf } from './workload';

export interface EstimateBackend {
  readonly backend: Backend;
  /** Where it need not be the one that a run would use. */
  readonly assumption?: string;
}

export async function backendForEstimate(settings: Settings, place: BackendPlace): Promise<EstimateBackend> {
  if (settings.backend !== 'auto') return { backend: await loadBackend(settings.backend, place) };
  const candidates = candidatesAt(place);
  if (settings.workers > 1 || candidates.length === 1) return { backend: await loadBackend('wasm', place) };
  const workload = workloadOf(settings);
  const [best] = ranked(recall(keyOf(candidates, workload)) ?? []);
  if (best !== undefined && best.refused === undefined) return { backend: await loadBackend(best.name as BackendName, place) };
  return {
    backend: await loadBackend('wasm', place),
    assumption: `backend is "auto", and which is the fastest with ${inWords(workload)} is measured when a run starts; these are the figures of the embedded wasm.`,
  };
}
