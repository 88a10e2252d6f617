/** What the commands that predict with a trained run have in common: loading it, numbers of their options, Ctrl-C. */
import type { KnobName } from '../settings/knobs';
import { checkRunFile } from '../settings/validate';
import { loadTrained, type Trained } from '../trainer/trained/loadTrained';
import { interruptedCode, interruption } from './interruption';
import { countOf } from './optionValues';
import { parseAssignment } from './runRequest';
import { UsageError } from './usageError';

const mostCheckpoints = 1000;

export interface TrainedOptions {
  readonly average: string | undefined;
  readonly backend: string | undefined;
}

export const trainedOptions = { average: { type: 'string' }, backend: { type: 'string' } } as const;

/** Lines of help for `trainedOptions`. */
export const trainedHelp = `  --average n            takes the mean of the newest n checkpoints (default 1); a run keeps as many as its checkpointsKept says
  --backend NAME         computes on another backend than the run's own`;

/** Lets `use` predict with the run in `directory`; resolves to the exit code. */
export async function withTrained(directory: string | undefined, { average, backend }: TrainedOptions, use: (trained: Trained, stop: AbortSignal) => Promise<void>): Promise<number> {
  if (directory === undefined) throw new UsageError('Say which run: a folder that holds run.json, for example one under .efcp/runs.');
  const count = average === undefined ? 1 : countOf('average', average, mostCheckpoints);
  const { backend: wanted } = backend === undefined ? {} : checkRunFile(Object.fromEntries([parseAssignment(`${'backend' satisfies KnobName}=${backend}`)]));
  const stop = interruption();
  const trained = await loadTrained(directory, __dirname, { average: count, backend: wanted });
  try {
    await use(trained, stop);
    return 0;
  } catch (error) {
    if (stop.aborted) return interruptedCode;
    throw error;
  } finally {
    trained.dispose();
  }
}

export function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) throw new UsageError(`--${option} is "${text}", but must be a number from ${least} to ${most}. Write for example --${option} 1.`);
  return value;
}
