/**
 * Samples as a table (RFC 4180: CRLF, a header, quotes where they are needed), one row a sample. What was not measured is empty.
 * Columns: `step` and `steps` (the last step covered, and how many), `time` (milliseconds of the run) and `date`, `peakPhase`, every
 * figure of figures.ts, and of the validation since the row before `validation.step`, `.loss` and `.accuracy`.
 */
import type { SampleEvent, ValidationEvent } from '../protocol/runEvents';
import { figures } from './figures';
import type { RecordedRun } from './recordedRun';

export const csvColumns = ['step', 'steps', 'time', 'date', 'peakPhase', ...figures.map(({ name }) => name), 'validation.step', 'validation.loss', 'validation.accuracy'] as const;

export async function* csvRows(run: RecordedRun): AsyncGenerator<string> {
  yield csvLine(csvColumns);
  let sample: SampleEvent | undefined;
  let validation: ValidationEvent | undefined;
  // A row waits for the next: the validation of its last step comes after it.
  for await (const event of run.counted()) {
    if (event.type === 'validation') validation = event;
    if (event.type !== 'sample') continue;
    if (sample !== undefined) {
      const isOfRow = validation !== undefined && validation.step <= sample.step;
      yield csvLine(cells(run, sample, isOfRow ? validation : undefined));
      if (isOfRow) validation = undefined;
    }
    sample = event;
  }
  if (sample !== undefined) yield csvLine(cells(run, sample, validation));
}

type Cell = string | number | undefined;

function cells(run: RecordedRun, sample: SampleEvent, validation: ValidationEvent | undefined): Cell[] {
  const { step, steps, time, memory: { peakPhase } } = sample;
  const date = new Date(run.secondsAt(time) * 1000).toISOString();
  return [step, steps, time, date, peakPhase, ...figures.map(({ of }) => of(sample)), validation?.step, validation?.loss, validation?.accuracy];
}

export function csvLine(fields: readonly Cell[]): string {
  return `${fields.map(field => field === undefined ? '' : quoted(String(field))).join(',')}\r\n`;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
