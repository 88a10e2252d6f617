/**
 * Reads and writes run directories: the truth about a run, whoever wrote it. Used by the trainer, the CLI and the editor.
 * `run.json` is replaced in one step; `events.jsonl` only ever grows, one event a line.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { InputError } from '../settings/problem';
import { runEvent, type RunEvent } from './runEvents';
import { eventsFile, runRecord, runRecordFile, type RunRecord } from './runFiles';
import { studioVersion } from './version';

/** `20261121-143005-digits-mlp-3fa2`: sorts by time, reads as what it is, and never collides. */
export function newRunId(name: string, now: Date): string {
  const [day = '', clock = ''] = now.toISOString().replace(/[-:]/g, '').split('T');
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'run';
  return `${day}-${clock.slice(0, 6)}-${slug}-${randomBytes(2).toString('hex')}`;
}

/** Makes the folder and keeps everything under `.efcp` out of version control. */
export function createRunDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const parts = path.resolve(directory).split(path.sep);
  const top = parts.lastIndexOf('.efcp');
  if (top < 0) return;
  const ignore = path.join(parts.slice(0, top + 1).join(path.sep), '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
}

/** Replaces `run.json` in one step. Only its owner may read it: it can hold the token that controls the trainer. */
export function writeRecord(directory: string, record: RunRecord): void {
  const file = path.join(directory, runRecordFile);
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

export function readRecord(directory: string): RunRecord {
  const file = path.join(directory, runRecordFile);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new InputError([{ field: 'directory', message: `${directory} is not a run directory: it has no readable ${runRecordFile}. Give a folder that efcp train or the editor made, for example one under .efcp/runs.` }]);
  }
  try {
    return runRecord.parse(JSON.parse(text));
  } catch (error) {
    throw new InputError([{ field: 'directory', message: `${file} is damaged (${firstLine(error)}). The events beside it are still readable as text; start a new run.` }]);
  }
}

/** A run that was refused is a run too: its directory says what was asked for, and why it did not start. */
export function recordRefusal(directory: string, source: RunRecord['source'], message: string): RunEvent {
  const refusal: RunEvent = { type: 'finished', sequence: 0, time: 0, reason: 'failed', message, steps: 0, metrics: {} };
  createRunDirectory(directory);
  writeRecord(directory, {
    version: 1, id: path.basename(directory), name: path.basename(source.name), createdAt: new Date().toISOString(), source, settings: {}, studio: studioVersion,
  });
  appendEvent(directory, refusal);
  return refusal;
}

const blockSize = 1 << 20;

export interface RecordedEvents {
  readonly events: readonly RunEvent[];
  /** One-based numbers of lines that could not be read: a torn last line after a crash, or damage. */
  readonly damagedLines: readonly number[];
}

/** Every readable event of a run, in order. A run that has not written any has none. */
export function readEvents(directory: string): RecordedEvents {
  const damagedLines: number[] = [];
  return { events: [...eachEvent(directory, line => damagedLines.push(line))], damagedLines };
}

/** The same one by one: a long run has more of them than fit into a string, or into memory. */
export function* eachEvent(directory: string, damaged: (line: number) => unknown = () => undefined): Generator<RunEvent> {
  let number = 0;
  for (const line of linesOf(path.join(directory, eventsFile))) {
    number++;
    if (line.trim() === '') continue;
    const event = parseEvent(line);
    if (event === undefined) damaged(number);
    else yield event;
  }
}

/** The last of some events; undefined where there is none. */
export function lastEvent<Event extends RunEvent>(directory: string, isOne: (event: RunEvent) => event is Event): Event | undefined {
  let last: Event | undefined;
  for (const event of eachEvent(directory)) if (isOne(event)) last = event;
  return last;
}

function* linesOf(file: string): Generator<string> {
  if (!existsSync(file)) return;
  const handle = openSync(file, 'r');
  try {
    const [block, decoder] = [Buffer.alloc(blockSize), new StringDecoder('utf8')];
    let open = '';
    for (let read = readSync(handle, block); read > 0; read = readSync(handle, block)) {
      const lines = (open + decoder.write(block.subarray(0, read))).split('\n');
      open = lines.pop() ?? '';
      yield* lines;
    }
    yield open + decoder.end();
  } finally {
    closeSync(handle);
  }
}

export function parseEvent(line: string): RunEvent | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return runEvent.safeParse(event).success ? event as RunEvent : undefined;
  } catch {
    return undefined;
  }
}

/** Appends one event; on a line of its own even if a crash tore the line before. */
export function appendEvent(directory: string, event: RunEvent): void {
  appendFileSync(path.join(directory, eventsFile), `${lineEnd(directory)}${JSON.stringify(event)}\n`);
}

/** What the next event must be preceded by: nothing, or the end of a line that a crash tore. */
export function lineEnd(directory: string): '' | '\n' {
  const file = path.join(directory, eventsFile);
  const size = existsSync(file) ? statSync(file).size : 0;
  if (size === 0) return '';
  const handle = openSync(file, 'r');
  try {
    const last = Buffer.alloc(1);
    readSync(handle, last, { position: size - 1 });
    return last[0] === 0x0a ? '' : '\n';
  } finally {
    closeSync(handle);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
