/** Turns `PRESET|FILE` and `--set` into settings, from the same table as the editor. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Knob } from '../settings/knob';
import { knob, type Settings } from '../settings/knobs';
import { isPresetName, presetNames } from '../settings/presets';
import { InputError } from '../settings/problem';
import { parseRunFile } from '../settings/runFile';
import { checkRunFile, isKnobName, resolveSettings, type RunFile } from '../settings/validate';
import { withWholePaths } from '../protocol/wholePaths';
import type { RunRecord } from '../protocol/runFiles';

export interface RunRequest {
  readonly name: string;
  readonly source: RunRecord['source'];
  readonly settings: Settings;
}

/** `target` is a preset or a file; `overrides` stand over what it says. Throws InputError with every problem found. */
export function resolveRequest(target: string, overrides: Readonly<Record<string, unknown>>): RunRequest {
  const { file, source } = readTarget(target);
  const settings = resolveSettings({ ...file, ...withWholePaths(checkRunFile(overrides), process.cwd()) });
  return { name: file.name ?? (source.kind === 'preset' ? target : path.basename(target).replace(/\.efcp\.json$/, '')), source, settings };
}

function readTarget(target: string): { file: RunFile; source: RunRecord['source'] } {
  if (isPresetName(target)) return { file: { preset: target }, source: { kind: 'preset', name: target } };
  if (!existsSync(target)) {
    throw new InputError([{ field: 'run', message: `"${target}" is neither a preset nor a file that exists. The presets are ${presetNames.join(', ')}; a file is named for example my-run.efcp.json.` }]);
  }
  const source = { kind: 'file', name: path.resolve(target) } as const;
  try {
    return { file: withWholePaths(parseRunFile(readFileSync(target, 'utf8')), path.dirname(source.name)), source };
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.problems, target) : error;
  }
}

/** `density=0.05` to ["density", 0.05]; a value that is not JSON is a text, or names with commas between them. */
export function parseAssignment(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at <= 0) throw new InputError([{ field: 'set', message: `--set is given "${text}", but must be key=value. Write for example --set density=0.05.` }]);
  const [key, value] = [text.slice(0, at), text.slice(at + 1)];
  return [key, valueOf(kindOf(key), value)];
}

function kindOf(key: string): Knob['kind'] | undefined {
  const name = key.slice(key.lastIndexOf('.') + 1);
  return isKnobName(name) ? knob(name).kind : undefined;
}

function valueOf(kind: Knob['kind'] | undefined, text: string): unknown {
  if (kind === 'path' && text !== 'null') return text;
  try {
    return JSON.parse(text);
  } catch {
    return kind === 'names' ? text.split(',').map(name => name.trim()) : text;
  }
}
