/** A forecast, and what was measured of it, in a few words. */
import { formatByteChange, formatRelativeChange } from '../../src/protocol/format';
import type { Forecast } from '../../src/protocol/runEvents';

/** Shares of a step's time that are within the noise of timing a few. */
const noise = 0.03;
/** From here on a factor says more than a share. */
const many = 2;

/** `peak −12.3 MiB`, `step +3 %`, `step 20 times as long`; `stepMs` is what a step takes before, where that is not said beside the difference. */
export function forecastWords({ peakBytes, stepMs: difference, stepMsBefore }: Forecast, stepMs: number | undefined): readonly string[] {
  const before = stepMsBefore ?? stepMs;
  const share = difference === undefined || before === undefined || before === 0 ? undefined : difference / before;
  return [
    ...(peakBytes === undefined ? [] : [peakBytes === 0 ? 'same peak' : `peak ${formatByteChange(peakBytes)}`]),
    ...(share === undefined ? [] : [timeWords(share)]),
  ];
}

function timeWords(share: number): string {
  if (Math.abs(share) < noise) return share === 0 ? 'same step time' : 'about the same step time';
  return share < many ? `step ${formatRelativeChange(share)}` : `step ${Number((1 + share).toPrecision(2))} times as long`;
}
