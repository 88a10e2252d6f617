/** Whether a knob waits for an answer: the host's list says so, or a change was posted that the host has not yet spoken of. */
import { isOver, type RunState } from '../../src/protocol/runState';
import type { LiveKnobName } from '../../src/settings/knobs';
import type { KnobValue } from './knobControl';

/** A change that was just posted, and what was known when it was. */
export interface Asked {
  readonly value: KnobValue;
  readonly changes: number;
  readonly rejected: number | undefined;
}

export function ask(value: KnobValue, state: RunState): Asked {
  return { value, changes: state.changes.length, rejected: state.rejected?.sequence };
}

/** The value waited for, which may be null; undefined where there is none. The host's latest word goes before what was asked here. */
export function pendingValue(name: LiveKnobName, state: RunState, asked: Asked | undefined): KnobValue | undefined {
  const listed = listedValue(name, state);
  return listed !== undefined ? listed : asked !== undefined && isUnanswered(name, state, asked) ? asked.value : undefined;
}

/** False as soon as the host lists the change, applied or refused one, or the run is over. */
export function isUnanswered(name: LiveKnobName, state: RunState, { changes, rejected }: Asked): boolean {
  return !isOver(state.status)
    && listedValue(name, state) === undefined
    && state.rejected?.sequence === rejected
    && !state.changes.slice(changes).some(({ to }) => Object.hasOwn(to, name));
}

function listedValue(name: LiveKnobName, { pending }: RunState): KnobValue | undefined {
  return pending.findLast(({ settings }) => Object.hasOwn(settings, name))?.settings[name] as KnobValue | undefined;
}
