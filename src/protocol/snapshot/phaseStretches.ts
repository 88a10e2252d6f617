/** The phases of a step as stretches of instants, in order. */
import { phases, type Phase } from '../samples';
import type { Lives } from './lives';

export interface PhaseStretch {
  readonly phase: Phase;
  /** Its first instant, and the first that is no longer in it. */
  readonly from: number;
  readonly to: number;
}

export function phaseStretches({ snapshot: { events: { phase } }, first, last }: Lives): PhaseStretch[] {
  const stretches: PhaseStretch[] = [];
  for (let from = first; from <= last;) {
    let to = from + 1;
    while (to <= last && phase[to] === phase[from]) to++;
    stretches.push({ phase: phases[phase[from] ?? 0] ?? 'update', from, to });
    from = to;
  }
  return stretches;
}
