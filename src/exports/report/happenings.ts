/** What happened during a run, for its page: changes with what was forecast and measured of each, and alarms. */
import { formatByteChange, formatCount, formatMilliseconds } from '../../protocol/format';
import type { AlarmEvent, AppliedEvent, Forecast } from '../../protocol/runEvents';
import { outcomeOf } from '../../protocol/stretches';
import { knob, type KnobName } from '../../settings/knobs';
import type { RecordedRun } from '../recordedRun';
import { markdownTable, settingWords } from '../settingsTable';

/** A page is read; the whole list is in the exports that machines read. */
const mostRows = 50;

export function changesSection({ state: { changes, stretches } }: RecordedRun): string {
  return section('Changes during the run', ['After step', 'Change', 'Forecast', 'Measured'], changes, (change, index) => {
    const { stateBytesBefore: before, stateBytesAfter: after, forecast } = change;
    const measured = [...before === after ? [] : [`state ${formatByteChange(after - before)}`], ...differences(outcomeOf(stretches, index))];
    return [formatCount(change.step), inWords(change), differences(forecast).join(', '), measured.join(', ')];
  });
}

export function alarmsSection({ state: { alarms } }: RecordedRun): string {
  return section('Alarms', ['Step', 'Alarm', 'What happened', 'What helps', 'Done'], alarms, alarm => {
    const { step, kind, layer, fix, action } = alarm;
    return [formatCount(step), kind, layer === undefined ? happened(alarm) : `${happened(alarm)} Layer: ${layer}.`, fix?.words ?? '', action];
  });
}

function section<Item>(title: string, head: readonly string[], items: readonly Item[], row: (item: Item, index: number) => string[]): string {
  if (items.length === 0) return '';
  const from = Math.max(0, items.length - mostRows);
  const about = from === 0 ? '' : `The last ${mostRows} of ${formatCount(items.length)}.\n\n`;
  return `## ${title}\n\n${about}${markdownTable(head, items.slice(from).map((item, index) => row(item, from + index)), [0])}`;
}

function inWords({ from, to, undoes }: AppliedEvent): string {
  const what = Object.keys(to).map(name => `${knob(name as KnobName).label.toLowerCase()} ${settingWords(name, from[name])} \u2192 ${settingWords(name, to[name])}`).join(', ');
  return undoes === undefined ? what : `${what} (undoes change ${undoes})`;
}

function differences({ peakBytes, storedBytes, stepMs }: Partial<Forecast> = {}): string[] {
  const bytes = (what: string, difference: number | undefined) => difference === undefined ? [] : [difference === 0 ? `same ${what}` : `${what} ${formatByteChange(difference)}`];
  const time = stepMs === undefined ? [] : [stepMs === 0 ? 'same step time' : `step ${stepMs < 0 ? '\u2212' : '+'}${formatMilliseconds(Math.abs(stepMs))}`];
  return [...bytes('peak', peakBytes), ...bytes('stored', storedBytes), ...time];
}

/** What helps has a column of its own. */
function happened({ message, fix }: AlarmEvent): string {
  return fix !== undefined && message.endsWith(fix.words) ? message.slice(0, -fix.words.length).trimEnd() : message;
}
