/** Takes runtimes away, with what failed attempts left; out of sight in one step, so that nobody finds half of one. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { takeLock } from './lock';
import { RuntimeRefusal } from './refusal';
import { readRuntimes } from './runtimeRecord';
import { leftovers, setAside, sweep } from './staging';

/** Everything that `remove` could name: runtimes, folders that cannot be read as one, and attempts that did not end. */
export function removable(home: string): string[] {
  const { runtimes, unreadable } = readRuntimes(home);
  return [...runtimes.map(({ record }) => record.name), ...unreadable.map(({ name }) => name), ...leftovers(home)];
}

/** Returns what was removed: the named runtime, or all there is. A running trainer keeps the files that it has open. */
export function removeRuntime(home: string, name: string | undefined): string[] {
  const there = removable(home);
  const wanted = name === undefined ? there : there.filter(entry => entry === name);
  if (wanted.length === 0) {
    throw new RuntimeRefusal('absent', name === undefined ? `There is no runtime in ${home}.` : `There is no runtime "${name}" in ${path.resolve(home)}.`, there.length === 0 ? 'Nothing needs to be removed.' : `There are: ${there.join(', ')}.`);
  }
  const release = takeLock(home);
  try {
    for (const entry of wanted) if (existsSync(path.join(home, entry))) setAside(home, entry);
    sweep(home);
    return wanted;
  } finally {
    release();
  }
}
