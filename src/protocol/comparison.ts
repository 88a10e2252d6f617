/**
 * What was predicted for a run beside what it turned out to take. The prediction is of the settings that the run was started with, so what
 * is measured is the stretch until the first change, validation included.
 */
import type { Estimate } from './estimate';
import type { Compared, Comparison } from './prediction';
import { relativeError } from './relativeError';
import type { RunState } from './runState';
import { storedBytes } from './samples';
import { meanMs, type Stretch } from './stretches';

type Figure = 'peakBytes' | 'storedBytes' | 'stateBytes' | 'stepMs';

/** What an estimate says of each figure. */
export const predictedFigures: Readonly<Record<Figure, (estimate: Pick<Estimate, 'peakBytes' | 'storedPeak' | 'bytes' | 'stepMs'>) => number | undefined>> = {
  peakBytes: ({ peakBytes }) => peakBytes, storedBytes: ({ storedPeak }) => storedBytes(storedPeak), stateBytes: ({ bytes }) => bytes.optimizerState, stepMs: ({ stepMs }) => stepMs,
};

const measuredFigures: Readonly<Record<Figure, (stretch: Stretch) => number | undefined>> = {
  peakBytes: ({ highest }) => highest.peakBytes, storedBytes: ({ highest }) => highest.storedBytes, stateBytes: ({ optimizerStateBytes }) => optimizerStateBytes,
  stepMs: ({ samples, all }) => samples < 2 ? undefined : meanMs(all),
};

/** `first`: the stretch from the start on. Undefined before the first step. */
export function comparisonOf(estimate: Parameters<(typeof predictedFigures)[Figure]>[0], first: Stretch): Comparison | undefined {
  const of = (figure: Figure): Compared | undefined => {
    const [predicted, measured] = [predictedFigures[figure](estimate), measuredFigures[figure](first)];
    return predicted === undefined || measured === undefined ? undefined : { predicted, measured };
  };
  const [peakBytes, stateBytes, stored, stepMs] = [of('peakBytes'), of('stateBytes'), of('storedBytes'), of('stepMs')];
  if (first.step === 0 || peakBytes === undefined || stateBytes === undefined) return undefined;
  return { peakBytes, stateBytes, step: first.step, ...stored === undefined ? {} : { storedBytes: stored }, ...stepMs === undefined ? {} : { stepMs } };
}

/** Of a run as it is known. Undefined where nothing was predicted for it, or it went on elsewhere. */
export function comparisonSoFar({ started, stretches: [first] }: Pick<RunState, 'started' | 'stretches'>): Comparison | undefined {
  const predicted = started?.predicted;
  return predicted === undefined || first === undefined || predicted.backend !== started?.backend.name ? undefined : comparisonOf(predicted, first);
}

/** Undefined where nothing was measured that a share could be of. */
export function errorOf({ predicted, measured }: Compared): number | undefined {
  return relativeError(predicted, measured);
}
