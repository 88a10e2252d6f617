/**
 * The front over all combinations of passes and state, by branch and bound. A combination's stored bytes are known from formulas, and so is the
 * workspace that its state brings; no step's peak is lower: they bound what it takes from below. In the order of these bounds, a combination that a point of the front covers
 * even by its bound can be left out, and so none is left out that belongs to the front; only the others are weighed exactly.
 */
import type { Segment } from '../gradients/recompute/segment';
import type { Risk } from '../protocol/plan';
import type { Settings } from '../settings/knobs';
import { isWithin, joined, type Option } from './option';
import { compareRisk, ParetoFront, type Weights } from './pareto';
import type { PassOption } from './passes';
import type { StateOption } from './stateCosts';

export interface Candidate extends Option, Weights {
  /** Whether all parts of its time were measured. */
  readonly isTimed: boolean;
  /** Without any workspace. */
  readonly storedBytes: number;
  /** What is recomputed, where only a budget says so. */
  readonly segments?: readonly Segment[] | undefined;
}

export interface SearchLimits {
  readonly mostRisk: Risk;
  readonly mostMs?: number;
  /** Bytes of a combination as they are counted; undefined where it cannot be trained with. */
  readonly exactBytes: (candidate: Candidate) => Promise<number | undefined>;
  readonly isPossible: (candidate: Candidate) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, of: number) => void) | undefined;
}

export interface Found {
  /** By bytes, most first. */
  readonly front: readonly Candidate[];
  readonly weighed: number;
}

export async function search(passes: readonly PassOption[], states: readonly StateOption[], limits: SearchLimits): Promise<Found> {
  const { mostRisk, mostMs = Number.POSITIVE_INFINITY } = limits;
  const pairs = passes.filter(({ risk }) => isWithin(risk, mostRisk))
    .flatMap(pass => states.filter(({ risk }) => isWithin(risk, mostRisk)).map(state => ({ pass, state, bytes: boundOf(pass, state), ms: msOf(pass, state) })))
    .filter(({ ms }) => ms <= mostMs)
    .sort((a, b) => a.bytes - b.bytes || a.ms - b.ms || compareRisk(joined(a.pass, a.state), joined(b.pass, b.state)) || changesIn(a) - changesIn(b));
  const front = new ParetoFront<Candidate>();
  for (const [done, { pass, state }] of pairs.entries()) {
    if (done % turn === 0) {
      limits.progress?.(done, pairs.length);
      await new Promise(resolve => { setImmediate(resolve); });
      limits.signal?.throwIfAborted();
    }
    const candidate = candidateOf(pass, state);
    if (front.isCovered(candidate)) continue;
    if (!limits.isPossible(candidate)) continue;
    const exact = await limits.exactBytes(candidate);
    if (exact !== undefined) front.add({ ...candidate, bytes: exact });
  }
  limits.progress?.(pairs.length, pairs.length);
  return { front: [...front.points].sort((a, b) => b.bytes - a.bytes || a.ms - b.ms), weighed: pairs.length };
}

/** Combinations between two turns of the event loop. */
const turn = 2048;

export function candidateOf(pass: PassOption, state: StateOption): Candidate {
  return {
    ...joined(pass, state), bytes: boundOf(pass, state), ms: msOf(pass, state), storedBytes: pass.bytes + state.bytes, isTimed: pass.isTimed && state.isTimed, segments: pass.segments,
  };
}

/** No step holds less at its highest instant: in its passes, or in its update. */
function boundOf(pass: PassOption, { bytes, workspace }: StateOption): number {
  return bytes + Math.max(pass.bytes + workspace.lasting, workspace.update);
}

export function msOf(pass: PassOption, state: StateOption): number {
  return pass.ms + pass.slices * (pass.lendings * state.lendMs + state.collectMs) + state.updateMs;
}

function changesIn({ pass, state }: { pass: Option; state: Option }): number {
  return Object.keys({ ...pass.change, ...state.change } satisfies Partial<Settings>).length;
}
