/**
 * About what a change would do to the bytes of activations, in proportion to those that were measured last: they grow with the examples
 * that run at once, and with the bytes that each number is stored in. What recomputation will leave is not known beforehand.
 */
import { examplesPerStep } from '../src/protocol/examplesPerStep';
import type { RunState } from '../src/protocol/runState';
import type { Settings } from '../src/settings/knobs';

type Known = Pick<RunState, 'settings' | 'started' | 'latest' | 'changes'>;

/** Undefined where nothing was measured under the present settings, or no proportion is known. */
export function predictActivations({ settings, started, latest, changes }: Known, change: Partial<Settings>): number | undefined {
  if (latest === undefined || latest.step <= (changes.at(-1)?.step ?? -1)) return undefined;
  if (!('microbatch' in change) && !('activationPrecision' in change)) return undefined;
  const { activations } = latest.memory.storedPeak ?? latest.memory.bytesAtPeak;
  const examples = examplesPerStep(settings, started);
  return examples && Math.round(activations * (bytesPerValue({ ...settings, ...change }, examples) / bytesPerValue(settings, examples) - 1));
}

/** Bytes that one value per example takes. */
function bytesPerValue({ microbatch, activationPrecision }: Settings, examples: number): number {
  return Math.min(microbatch ?? examples, examples) * (activationPrecision === 'float32' ? 4 : 2);
}
