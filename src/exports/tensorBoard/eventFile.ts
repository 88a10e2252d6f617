/** A run as records of one TensorBoard event file, in order. Scalars are float32, as TensorBoard's own: CSV and JSONL are exact. */
import type { RunEvent } from '../../protocol/runEvents';
import type { KnobName } from '../../settings/knobs';
import { figures } from '../figures';
import type { RecordedRun } from '../recordedRun';
import { markdownTable, settingsTable, settingWords } from '../settingsTable';
import { fileVersion, image, scalar, summary, words, type Moment, type Png } from './eventMessages';
import { experiment, sessionEnd, sessionStart } from './hparams';
import { tfRecord } from './tfRecord';

export interface Picture extends Png {
  readonly name: string;
}

/** `names`: settings of the experiment that the run is part of; `pictures`: of the run as a whole, shown at its last step. */
export async function* tensorBoardRecords(run: RecordedRun, names: readonly KnobName[], pictures: readonly Picture[]): AsyncGenerator<Buffer> {
  const { state, settings, record } = run;
  const began = run.secondsAt(0);
  const first: Moment = { seconds: began, step: 0 };
  yield tfRecord(fileVersion(began));
  yield tfRecord(summary(first, [experiment(names, began), sessionStart(names, settings, record.id, began), words('settings', settingsTable(settings, 'all'))]));
  for await (const event of run.counted()) {
    const values = valuesOf(event);
    if (values.length > 0) yield tfRecord(summary({ seconds: run.secondsAt(event.time), step: stepOf(event, state.step) }, values));
  }
  const seconds = run.secondsAt(state.elapsedMs);
  const last: Moment = { seconds, step: state.step };
  for (const picture of pictures) yield tfRecord(summary(last, [image(`pictures/${picture.name}`, picture)]));
  yield tfRecord(summary(last, [sessionEnd(state.status, seconds)]));
}

/** A run's own name in the log folder. */
export function eventFileName(run: RecordedRun): string {
  return `events.out.tfevents.${Math.floor(run.secondsAt(0))}.efcp-studio`;
}

function valuesOf(event: RunEvent): Buffer[] {
  if (event.type === 'sample') return figures.flatMap(({ name, of }) => {
    const figure = of(event);
    return figure === undefined ? [] : [scalar(name.replace('.', '/'), figure)];
  });
  if (event.type === 'validation') return [scalar('validation/loss', event.loss), ...event.accuracy === undefined ? [] : [scalar('validation/accuracy', event.accuracy)]];
  if (event.type === 'applied') return [words('changes', changeTable(event.from, event.to))];
  if (event.type === 'alarm') return [words('alarms', `**${event.kind}**: ${event.message}`)];
  return event.type === 'finished' && event.message !== undefined ? [words('ending', event.message)] : [];
}

function stepOf(event: RunEvent, last: number): number {
  return 'step' in event ? event.step : 'steps' in event ? event.steps : last;
}

function changeTable(from: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>): string {
  return markdownTable(['Setting', 'From', 'To'], Object.keys(to).map(name => [name, settingWords(name, from[name]), settingWords(name, to[name])]));
}

