/** Tries every backend for real, each in a process of its own: loads it, times some training steps on it, says what `auto` would choose. */
import type { BackendName } from '../backends/backend';
import { candidatesAt } from '../backends/candidates';
import type { BackendPlace } from '../backends/loadBackend';
import type { Alternative } from '../protocol/backends';
import { defaults } from '../settings/knobs';
import { keyOf, remember } from './choice/choiceCache';
import { measureBackend } from './choice/measureBackend';
import { ranked, reasonOf } from './choice/ranking';
import { inWords, workloadOf } from './choice/workload';

export interface BackendReport extends Omit<Alternative, 'refused'> {
  readonly available: boolean;
  /** What it is, or why it cannot be used. */
  readonly detail: string;
}

export interface Inspection {
  /** Every backend that settings can name, best first. */
  readonly backends: readonly BackendReport[];
  readonly chosen: { readonly name: string; readonly reason: string };
}

const names: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm', 'cpu'];
const ownWords: Readonly<Record<string, string>> = { wasm: 'embedded, the default', cpu: 'plain JavaScript, slow: the oracle of the tests' };

/** Measures with the default model, and lets later runs of it know. */
export async function inspectBackends(place: BackendPlace): Promise<Inspection> {
  const workload = workloadOf(defaults);
  const measured: Alternative[] = [];
  for (const backend of names) measured.push(await measureBackend({ backend, place, workload }, new AbortController().signal));
  const candidates = candidatesAt(place);
  const choice = ranked(measured.filter(({ name }) => candidates.some(candidate => candidate.name === name)));
  remember(keyOf(candidates, workload), choice);
  const rest = measured.filter(({ name }) => choice.every(each => each.name !== name));
  const [best = { name: 'wasm' }] = choice;
  const report = ({ refused, about, ...found }: Alternative): BackendReport => ({ ...found, available: refused === undefined, detail: refused ?? ownWords[found.name] ?? about ?? '' });
  return { backends: [...choice, ...rest].map(report), chosen: { name: best.name, reason: reasonOf(choice, inWords(workload)) } };
}
