/** What is to be run, resolved and validated, before it has a directory. */
import path from 'node:path';
import { withWholePaths } from '../protocol/wholePaths';
import type { RunRecord } from '../protocol/runFiles';
import type { Settings } from '../settings/knobs';
import { isPresetName, presetNames, presets } from '../settings/presets';
import { InputError } from '../settings/problem';
import { resolveRunFile } from '../settings/runFile';
import { resolveSettings } from '../settings/validate';

export interface RunPlan {
  readonly name: string;
  readonly source: RunRecord['source'];
  readonly settings: Settings;
}

/** The ending of a run file's name. */
export const runFileEnding = '.efcp.json';

export function planPreset(name: string): RunPlan {
  if (!isPresetName(name)) throw new InputError([{ field: 'preset', message: `There is no preset "${name}". Choose one of ${presetNames.join(', ')}.` }]);
  return { name: presets[name].label, source: { kind: 'preset', name }, settings: resolveSettings({ preset: name }) };
}

/** `name` says where the text came from: the path of the file, as the user knows it. `folder`: where it lies, if on this machine. */
export function planFile(text: string, name: string, folder?: string): RunPlan {
  const { file, settings } = resolveRunFile(text);
  return { name: file.name ?? path.basename(name, runFileEnding), source: { kind: 'file', name }, settings: folder === undefined ? settings : withWholePaths(settings, folder) };
}
