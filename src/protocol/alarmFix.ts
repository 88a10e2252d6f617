/** What is proposed after an alarm: what the run itself proposed, or, once it was weighed beside the run, what is known to fit. */
import type { AlarmEvent, Fix, SnapshotEvent } from './runEvents';
import type { RunState } from './runState';

export function isForMemory({ kind }: Pick<AlarmEvent, 'kind'>): boolean {
  return kind === 'budget' || kind === 'outOfMemory';
}

export function fixOf({ proposal }: Pick<RunState, 'proposal'>, { sequence, fix }: Pick<AlarmEvent, 'sequence' | 'fix'>): Fix | undefined {
  return proposal?.sequence === sequence ? proposal.fix : fix;
}

/** The message, with the words of what is proposed now. */
export function messageOf(state: Pick<RunState, 'proposal'>, alarm: Pick<AlarmEvent, 'sequence' | 'fix' | 'message'>): string {
  const { message, fix } = alarm;
  const now = fixOf(state, alarm);
  if (now === undefined || now === fix) return message;
  return fix === undefined || !message.endsWith(fix.words) ? `${message} ${now.words}` : message.slice(0, -fix.words.length) + now.words;
}

/** The recorded step that shows what there was no room for: that of the alarm itself, or else the highest. */
export function snapshotOf({ kind, step }: Pick<AlarmEvent, 'kind' | 'step'>, snapshots: readonly SnapshotEvent[]): SnapshotEvent | undefined {
  if (!isForMemory({ kind })) return undefined;
  return snapshots.findLast(snapshot => snapshot.step === step) ?? snapshots.toSorted((a, b) => b.peakBytes - a.peakBytes)[0];
}
