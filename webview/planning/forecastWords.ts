/** A forecast, and what was measured of it, in a few words. */
import { formatByteChange, formatRelativeChange } from '../../src/protocol/format';
import type { Forecast } from '../../src/protocol/runEvents';

/** Shares of a step's time that are within its own noise. */
const noise = 0.005;

/** `peak −12.3 MiB`, `step +3 %`; `stepMs` is what a step takes before. */
export function forecastWords({ peakBytes, stepMs: difference }: Forecast, stepMs: number | undefined): readonly string[] {
  const share = difference === undefined || stepMs === undefined || stepMs === 0 ? undefined : difference / stepMs;
  return [
    ...(peakBytes === undefined ? [] : [peakBytes === 0 ? 'same peak' : `peak ${formatByteChange(peakBytes)}`]),
    ...(share === undefined ? [] : [Math.abs(share) < noise ? 'same step time' : `step ${formatRelativeChange(share)}`]),
  ];
}
