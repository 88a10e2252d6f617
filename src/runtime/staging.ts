/**
 * Where a runtime is built: a hidden folder beside the finished ones, kept after a failure with a list of the steps that are
 * done, so that the next attempt goes on from there. A list for other pins is of no use, and the folder starts anew.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RuntimePlan } from './pins';

const stepsFile = 'steps.json';

export interface Staging {
  /** Becomes the runtime. */
  readonly folder: string;
  readonly wheels: string;
  /** For programs that need a place for temporary files; empty at the start of every attempt. */
  readonly temporary: string;
  isDone(step: string): boolean;
  done(step: string): void;
}

const hidden = (name: string) => `.staging-${name}`;

export function openStaging(home: string, plan: RuntimePlan): Staging {
  const root = path.join(home, hidden(plan.name));
  const file = path.join(root, stepsFile);
  const pins = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
  let steps = readSteps(file, pins);
  if (steps === undefined) {
    rmSync(root, { recursive: true, force: true });
    steps = [];
  }
  const inRoot = (name: string) => path.join(root, name);
  rmSync(inRoot('temporary'), { recursive: true, force: true });
  for (const name of ['runtime', 'wheels', 'temporary']) mkdirSync(inRoot(name), { recursive: true });
  const save = (list: readonly string[]) => {
    writeFileSync(`${file}.new`, JSON.stringify({ pins, steps: list }));
    renameSync(`${file}.new`, file);
  };
  save(steps);
  return {
    folder: inRoot('runtime'), wheels: inRoot('wheels'), temporary: inRoot('temporary'),
    isDone: step => steps.includes(step),
    done: step => {
      steps.push(step);
      save(steps);
    },
  };
}

function readSteps(file: string, pins: string): string[] | undefined {
  try {
    const list = JSON.parse(readFileSync(file, 'utf8')) as { pins: string; steps: string[] };
    return list.pins === pins ? list.steps : undefined;
  } catch {
    return undefined;
  }
}

/** Puts the finished runtime where it is found, in one step; one that was there goes. */
export function putInPlace(home: string, name: string): void {
  const target = path.join(home, name);
  if (existsSync(target)) setAside(home, name);
  renameSync(path.join(home, hidden(name), 'runtime'), target);
  rmSync(path.join(home, hidden(name)), { recursive: true, force: true });
  sweep(home);
}

/** Takes a runtime, or what a failed attempt left, out of sight in one step; `sweep` then removes it. */
export function setAside(home: string, name: string): void {
  renameSync(path.join(home, name), path.join(home, `.removed-${name.replace(/^\./, '')}-${process.pid}-${Date.now()}`));
}

/** Forgets what earlier attempts have done. */
export function discardStaging(home: string, name: string): void {
  rmSync(path.join(home, hidden(name)), { recursive: true, force: true });
}

/** Names of the folders that unfinished attempts left. */
export function leftovers(home: string): string[] {
  return existsSync(home) ? readdirSync(home).filter(name => name.startsWith(hidden(''))) : [];
}

/** Removes what was set aside, also by a process that ended before it could. */
export function sweep(home: string): void {
  for (const entry of readdirSync(home)) if (entry.startsWith('.removed-')) rmSync(path.join(home, entry), { recursive: true, force: true });
}
