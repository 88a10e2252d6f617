/**
 * Which backend a run computes on. The settings may name it; `auto` measures those that are at hand, each in a process of its
 * own, and takes the fastest. Where nothing but the embedded wasm is here there is nothing to measure, and nothing to wait for.
 */
import type { Backend, BackendName } from '../../backends/backend';
import { BackendError } from '../../backends/backendError';
import { candidatesAt } from '../../backends/candidates';
import { loadBackend, type BackendPlace } from '../../backends/loadBackend';
import type { Alternative } from '../../protocol/backends';
import type { Settings } from '../../settings/knobs';
import { forget, keyOf, recall, remember } from './choiceCache';
import { measureBackend } from './measureBackend';
import { ranked, reasonOf } from './ranking';
import { inWords, workloadOf, type Workload } from './workload';

export interface ChosenBackend extends Backend {
  /** What `auto` chose from, best first. */
  readonly alternatives?: readonly Alternative[];
}

type Choice = Workload & Pick<Settings, 'backend' | 'workers'>;

/** Yields what it is about to do where that takes a while; the backend it returns is current. `fresh`: measures even what was measured before. */
export async function* chooseForRun(settings: Choice, place: BackendPlace, stop: AbortSignal, { fresh = false } = {}): AsyncGenerator<string, ChosenBackend> {
  if (settings.backend !== 'auto') return loadBackend(settings.backend, place);
  if (settings.workers > 1) return { ...await loadBackend('wasm', place), reason: `embedded; the ${settings.workers} workers that the settings ask for need a backend of one thread` };
  const candidates = candidatesAt(place);
  if (candidates.length === 1) return { ...await loadBackend('wasm', place), reason: 'embedded; nothing faster is installed here' };
  const workload = workloadOf(settings);
  const key = keyOf(candidates, workload);
  const known = fresh ? undefined : recall(key);
  const measured: Alternative[] = [...known ?? []];
  if (known === undefined) {
    for (const { name } of candidates) {
      // The embedded one always works: alone it need not be measured.
      if (name === 'wasm' && measured.every(({ refused }) => refused !== undefined)) measured.push({ name });
      else {
        yield `measuring ${name} with ${inWords(workload)}`;
        measured.push(await measureBackend({ backend: name, place, workload }, stop));
      }
      stop.throwIfAborted();
    }
    remember(key, measured);
  }
  const chosen = await load(ranked(measured), key, settings, place);
  if (known === undefined || chosen.device === known.find(({ name }) => name === chosen.name)?.device) return chosen;
  // A GPU that was there then is not, or is another: what was measured is of no use.
  return yield* chooseForRun(settings, place, stop, { fresh: true });
}

/** The best that still loads; one that did when it was measured and no longer does is left out, and measured anew next time. */
async function load(best: readonly Alternative[], key: string, workload: Workload, place: BackendPlace): Promise<ChosenBackend> {
  let left = [...best];
  for (const { name, refused } of best) {
    if (refused !== undefined) continue;
    try {
      const backend = await loadBackend(name as BackendName, place);
      return { ...backend, reason: reasonOf(left, inWords(workload)), alternatives: left };
    } catch (error) {
      forget(key);
      const reason = error instanceof Error ? error.message : String(error);
      left = ranked(left.map(each => (each.name === name ? { name, refused: reason } : each)));
    }
  }
  throw new BackendError('wasm', `No backend starts here: ${left.map(({ name, refused }) => `${name}: ${refused ?? ''}`).join('; ')}`);
}

/** The same without a word: for programs that show no progress. */
export async function chosenForRun(settings: Choice, place: BackendPlace): Promise<ChosenBackend> {
  const choosing = chooseForRun(settings, place, new AbortController().signal);
  for (;;) {
    const step = await choosing.next();
    if (step.done === true) return step.value;
  }
}
