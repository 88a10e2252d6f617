/** Writes a run file with planned settings. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withWholePaths } from '../protocol/wholePaths';
import { withSettings } from '../settings/editRunFile';
import { isPresetName } from '../settings/presets';
import { parseRunFile } from '../settings/runFile';
import { checkRunFile } from '../settings/validate';

/** `target`: the preset or run file that was planned for. Of a run file everything else stays as it is. */
export function writePlanned(file: string, target: string, changes: Readonly<Record<string, unknown>>): void {
  const given = withWholePaths(checkRunFile(changes), process.cwd());
  if (isPresetName(target)) {
    writeFileSync(file, `${JSON.stringify({ preset: target, ...given }, null, 2)}\n`);
    return;
  }
  const text = readFileSync(target, 'utf8');
  const [from, to] = [path.resolve(path.dirname(target)), path.resolve(path.dirname(file))];
  // Paths start at the file that they stand in.
  const said = parseRunFile(text);
  const whole = from === to ? {} : Object.fromEntries(Object.entries(withWholePaths(said, from)).filter(([name, value]) => value !== (said as Record<string, unknown>)[name]));
  writeFileSync(file, withSettings(text, { ...whole, ...given }));
}
