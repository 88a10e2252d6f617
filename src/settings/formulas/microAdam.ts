/**
 * MicroAdam, with a window of m rows and k entries kept in a row: window m k (value + index), kept row k (value + index), the
 * residual, and 16 m of scratch. At its defaults (m 10, density 1 %, bfloat16, 4 bits) that is 0.94 per parameter: 0.40 of
 * window and 0.50 of codes, as published, and 0.04 of the kept row and 0.004 of the codes' ranges.
 */
import type { Settings } from '../knobs';
import type { ParameterSpace } from '../parameterSpace';
import type { StateBytes } from '../stateBytes';
import { sparseWindowBytes } from './windows';

export function microAdamBytes(settings: Settings, space: ParameterSpace): StateBytes {
  return { ...sparseWindowBytes(settings, space), scratch: 16 * settings.window };
}
