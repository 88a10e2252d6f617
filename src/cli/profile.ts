/** `efcp profile`: one step, allocation by allocation, and what lives at its peak. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readSnapshot } from '../exports/readSnapshot';
import { encodeSnapshot } from '../protocol/snapshot/encodeSnapshot';
import { snapshotExtension } from '../protocol/snapshotFiles';
import { presetNames } from '../settings/presets';
import { profileStep } from '../trainer/profileStep';
import { parseCommandLine, type Command } from './command';
import { countOf } from './optionValues';
import { differenceInWords, differenceParts, peakInWords, peakParts } from './profileText';
import { parseAssignment, resolveRequest } from './runRequest';
import { UsageError } from './usageError';

/** The first sets things up as well. */
const usualStep = 3;
const mostSteps = 1_000_000;

export const profileCommand: Command = {
  summary: 'record one step, and say what lives at its peak',
  help: `efcp profile PRESET|FILE [--set key=value …] [--backend NAME] [--step n] [--out FILE] [--json]
efcp profile FILE${snapshotExtension} [--json]
efcp profile FILE${snapshotExtension} --against FILE${snapshotExtension} [--json]

Trains up to a step, records it allocation by allocation, and says what lives at its highest instant: by category, by layer, by
line of your own module, and the largest buffers. The file that it writes opens in the editor as a view of its own. Of a recorded step
it says the same again; of two, what the second holds that the first did not.

  --set key=value  sets any setting; may be repeated
  --backend NAME   short for --set backend=NAME
  --step n         which step (default ${usualStep}; the first sets things up as well)
  --out FILE       where to write it (default NAME-step-n${snapshotExtension}, here)
  --against FILE   another recorded step, taken as what was before
  --json           one object, bytes by category, layer and source, and the largest buffers; of two steps their difference
  --help           shows this

Exit codes: 0 recorded, 1 it could not be, 2 the command line or a file was refused.
Presets: ${presetNames.join(', ')}`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, {
      set: { type: 'string', multiple: true }, backend: { type: 'string' }, step: { type: 'string' }, out: { type: 'string' }, against: { type: 'string' }, json: { type: 'boolean' },
    });
    const [target, ...more] = positionals;
    if (target === undefined) throw new UsageError(`Say what to record: a preset (${presetNames.join(', ')}), a *.efcp.json file, or a recorded step (*${snapshotExtension}).`);
    const write = (words: string, parts: unknown) => process.stdout.write(values.json ? `${JSON.stringify(parts)}\n` : `${words}\n`);
    if (target.endsWith(snapshotExtension)) {
      const { set, backend, step, out } = values;
      const [given] = Object.entries({ set, backend, step, out }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
      if (given !== undefined || more.length > 0) throw new UsageError(`${given ?? more[0] ?? ''} cannot stand beside ${target}, which is recorded already. Leave it out, or name a preset or a *.efcp.json file.`);
      const snapshot = readSnapshot(target);
      if (values.against === undefined) write(peakInWords(path.basename(target), snapshot), peakParts(snapshot));
      else {
        const before = readSnapshot(values.against);
        write(differenceInWords([values.against, target].map(file => path.basename(file)), before, snapshot), differenceParts(before, snapshot));
      }
      return 0;
    }
    if (values.against !== undefined) throw new UsageError(`--against compares recorded steps, but ${target} is none. Record it first, then write efcp profile FILE${snapshotExtension} --against FILE${snapshotExtension}.`);
    const assignments = [...values.set ?? [], ...more, ...values.backend === undefined ? [] : [`backend=${values.backend}`]];
    const step = values.step === undefined ? usualStep : countOf('step', values.step, mostSteps);
    const { name, settings } = resolveRequest(target, Object.fromEntries(assignments.map(parseAssignment)));
    const { snapshot } = await profileStep(settings, { assets: __dirname, workspace: process.cwd() }, step);
    const file = values.out ?? `${name}-step-${step}${snapshotExtension}`;
    await writeFile(file, encodeSnapshot(snapshot)).catch((error: unknown) => {
      throw new UsageError(`--out is ${file}, which cannot be written (${error instanceof Error ? error.message : String(error)}). Choose a folder that you may write to.`);
    });
    write(`${peakInWords(name, snapshot)}\n\nwritten to ${file}`, { file: path.resolve(file), ...peakParts(snapshot) });
    return 0;
  },
};
