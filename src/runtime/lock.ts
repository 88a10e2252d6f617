/** One installation or removal at a time in a folder: a file that names the process that works there. A dead one's lock is taken over. */
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../protocol/processes';
import { RuntimeRefusal } from './refusal';

export const lockFile = '.lock';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, so that another with the same number is not taken for it. */
  readonly began?: string;
}

/** Makes the refusal of who works there, and the lock's file. */
export type Busy = (who: string, file: string) => Error;

const runtimeBusy: Busy = (who, file) => new RuntimeRefusal('busy', `${who} is installing or removing a runtime.`, `Wait for it to end; if it is gone, remove ${file}.`);

/** Returns how to release it; throws a refusal while somebody else holds it. */
export function takeLock(home: string, refusal: Busy = runtimeBusy): () => void {
  const file = path.join(home, lockFile);
  const mine = JSON.stringify(holder(process.pid));
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(file, mine)) return () => release(file, mine);
    const theirs = read(file);
    if (theirs === undefined) continue;
    if (isHeld(theirs)) throw refusal(holderInWords(theirs), file);
    takeAway(file, theirs);
  }
  throw refusal(holderInWords(read(file) ?? ''), file);
}

function holder(pid: number): Holder {
  const began = beganAt(pid);
  return { pid, host: os.hostname(), ...(began === undefined ? {} : { began }) };
}

function create(file: string, text: string): boolean {
  // Linked into place, so that nobody reads it half written.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(own);
  }
}

function release(file: string, mine: string): void {
  if (read(file) === mine) unlinkSync(file);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function isHeld(text: string): boolean {
  const theirs = parse(text);
  if (theirs === undefined) return false;
  if (theirs.host !== os.hostname()) return true;
  return isAlive(theirs.pid) && (theirs.began === undefined || theirs.began === beganAt(theirs.pid));
}

/** Removes the lock of a dead process, and only that: between reading and removing, somebody else may have replaced it. */
function takeAway(file: string, expected: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) !== expected) create(file, read(aside) ?? '');
  unlinkSync(aside);
}

function beganAt(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function holderInWords(text: string): string {
  const theirs = parse(text);
  return theirs === undefined ? 'Another process' : `Process ${theirs.pid}${theirs.host === os.hostname() ? '' : ` on ${theirs.host}`}`;
}
