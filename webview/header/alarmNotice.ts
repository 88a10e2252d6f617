/** What the banner says of an alarm, and the buttons that answer it. */
import type { AlarmEvent, AlarmKind } from '../../src/protocol/runEvents';
import { isOver, type RunState } from '../../src/protocol/runState';

export const alarmTitles: Readonly<Record<AlarmKind, string>> = {
  budget: 'The memory budget is exceeded.', nonFinite: 'A number is not finite.', divergence: 'The loss diverges.', outOfMemory: 'Memory ran out.',
};

/** Names for marks in charts, where there is no room for a sentence. */
export const alarmWords: Readonly<Record<AlarmKind, string>> = { budget: 'over budget', nonFinite: 'not finite', divergence: 'diverges', outOfMemory: 'out of memory' };

/** The alarm that the run stands at, or has ended by; one that it went on from until somebody has dismissed it. */
export function standingAlarm({ status, step, alarms, finished }: Pick<RunState, 'status' | 'step' | 'alarms' | 'finished'>): AlarmEvent | undefined {
  const last = alarms.at(-1);
  if (last === undefined) return undefined;
  const isIt = {
    paused: status === 'paused' && last.step === step,
    stopped: status === 'failed' && finished !== undefined && last.sequence < finished.sequence,
    noted: !isOver(status),
  };
  return isIt[last.action] ? last : undefined;
}

export function isGrave({ kind }: Pick<AlarmEvent, 'kind'>): boolean {
  return kind === 'nonFinite' || kind === 'outOfMemory';
}

/** The title, with the layer where one is known. */
export function titleOf({ kind, layer }: Pick<AlarmEvent, 'kind' | 'layer'>): string {
  return layer === undefined ? alarmTitles[kind] : `${alarmTitles[kind].slice(0, -1)}, first in ${layer}.`;
}
