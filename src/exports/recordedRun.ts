/**
 * A run directory as exports see it: read once for what it all comes to, and once more, line by line, by whoever writes every event.
 * Neither holds more than a bounded number of points. A run that goes on, was interrupted, or is damaged in places is one like any other.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { halve, pointLimit, upToStep } from '../protocol/points';
import { readRecord } from '../protocol/runDirectory';
import { runEvent, type RunEvent, type SampleEvent, type ValidationEvent } from '../protocol/runEvents';
import { eventsFile, type RunRecord } from '../protocol/runFiles';
import { applyEvent, initialState, type RunState } from '../protocol/runState';
import { defaults, defaultsFor, type Settings } from '../settings/knobs';

export interface RecordedRun {
  readonly directory: string;
  readonly record: RunRecord;
  /** As it began. */
  readonly settings: Settings;
  readonly state: RunState;
  readonly points: readonly SampleEvent[];
  /** Of a long run some, evenly spread. */
  readonly validations: readonly ValidationEvent[];
  /** Every event, and how many lines are none. */
  readonly events: number;
  readonly damagedLines: readonly number[];
  /** The events that count, in order: without steps that were taken back when the run went on from a checkpoint. */
  counted(): AsyncGenerator<RunEvent>;
  /** The lines of all events, as they were recorded, each with its end. */
  lines(): AsyncGenerator<string>;
  /** Seconds since 1970 of a time of the run. */
  secondsAt(time: number): number;
}

/** Told how far reading has come, from 0 to 1. */
export type Progress = (share: number) => void;

export async function readRun(directory: string, progress: Progress = () => undefined): Promise<RecordedRun> {
  const record = readRecord(directory);
  const settings = settingsOf(record);
  const state = initialState(settings);
  const began = Date.parse(record.createdAt) / 1000;
  let [points, validations]: [SampleEvent[], ValidationEvent[]] = [[], []];
  let events = 0;
  const damagedLines: number[] = [];
  const restored: Restored[] = [];
  for await (const { event, line } of linesOf(directory, progress)) {
    if (event === undefined) {
      damagedLines.push(line);
      continue;
    }
    events++;
    applyEvent(state, event);
    if (event.type === 'sample' && points.push(event) > pointLimit) points = halve(points);
    if (event.type === 'validation' && validations.push(event) > pointLimit) validations = everySecond(validations);
    if (event.type === 'restored') {
      restored.push(event);
      points = upToStep(points, event.step);
      validations = upToStep(validations, event.step);
    }
  }
  return {
    directory, record, settings, state, points, validations, events, damagedLines,
    counted: () => counted(directory, restored, progress),
    lines: () => recordedLines(directory, progress),
    secondsAt: time => began + time / 1000,
  };
}

type Restored = Extract<RunEvent, { type: 'restored' }>;

/** Settings as the record holds them; those that it lacks, because it is older than they are, are its optimizer's defaults. */
function settingsOf({ settings }: RunRecord): Settings {
  const recorded = settings as Partial<Settings>;
  return { ...defaultsFor(recorded.optimizer ?? defaults.optimizer), ...recorded };
}

async function* counted(directory: string, restored: readonly Restored[], progress: Progress): AsyncGenerator<RunEvent> {
  let changes = 0;
  for await (const { event } of linesOf(directory, progress)) {
    if (event === undefined) continue;
    const later = restored.filter(({ sequence }) => sequence > event.sequence);
    if (event.type === 'applied') changes++;
    if (event.type === 'restored') ({ changes } = event);
    const isTakenBack = event.type === 'applied' ? later.some(one => changes > one.changes)
      : (event.type === 'sample' || event.type === 'validation') && later.some(({ step }) => event.step > step);
    if (!isTakenBack) yield event;
  }
}

async function* recordedLines(directory: string, progress: Progress): AsyncGenerator<string> {
  for await (const { event, text } of linesOf(directory, progress)) if (event !== undefined) yield `${text}\n`;
}

interface Line {
  readonly text: string;
  readonly line: number;
  /** As a reader of today understands it; undefined where it is none. */
  readonly event: RunEvent | undefined;
}

async function* linesOf(directory: string, progress: Progress): AsyncGenerator<Line> {
  const file = path.join(directory, eventsFile);
  if (!existsSync(file)) return;
  const size = statSync(file).size;
  const stream = createReadStream(file);
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
    line++;
    if (line % 512 === 0) progress(Math.min(1, stream.bytesRead / Math.max(1, size)));
    if (text.trim() === '') continue;
    yield { text, line, event: readEvent(text) };
  }
}

function readEvent(text: string): RunEvent | undefined {
  try {
    return runEvent.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The last one always. */
function everySecond<Item>(items: readonly Item[]): Item[] {
  return items.filter((_, index) => (items.length - index) % 2 === 1);
}
