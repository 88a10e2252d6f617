/**
 * Predicted bytes of an optimizer placed on the device: what its buffers hold there, and what lies beside them on the host.
 * With d parameters, a window of m rows, k entries kept in a row:
 *   device  dense window 4 m d; sparse window m k (value + index), both 4 bytes, or 2 where two share a word (an odd k is
 *           rounded up), which takes webgpu; powers 4 m and the table of blocks 32 bytes per run; residual (a word for each 1,024 parameters beside codes), velocity, moments
 *   host    gram 8 m^2, solver, powers 8 m
 * There is no kept row: it lives for the length of a step.
 */
import { checkDevice, packs } from '../devicePlacement';
import type { Settings } from '../knobs';
import type { ParameterSpace } from '../parameterSpace';
import type { StateBytes } from '../stateBytes';
import { bytesPerIndex, keptIn, runsOf } from './blocks';
import { quantizationBlock } from './residual';
import { ggtSolverBytes, mfacSolverBytes } from './solvers';
import { velocity } from './windows';

/** Of the table of blocks: eight words. */
const bytesPerRun = 32;

export interface DeviceStateBytes {
  readonly device: StateBytes;
  readonly host: StateBytes;
}

export function deviceStateBytes(settings: Settings, space: ParameterSpace, backendName: string): DeviceStateBytes {
  const { window } = settings;
  const dense = { windowValues: 4 * window * space.dimension, scratch: 4 * window };
  const hostOf = ({ solver, scratch }: { solver: number; scratch: number }): StateBytes => ({ gram: 8 * window ** 2, solver, scratch: scratch + 8 * window });
  const ofMfac = () => hostOf({ solver: mfacSolverBytes(window), scratch: 0 });
  const ofGgt = () => hostOf(ggtSolverBytes(window));
  const withVelocity = (device: StateBytes): StateBytes => ({ ...device, ...velocity(settings, space) });
  switch (checkDevice(settings, backendName)) {
    case 'sgd': return { device: withVelocity({}), host: {} };
    case 'adamw': return { device: { firstMoment: 4 * space.dimension, secondMoment: 4 * space.dimension }, host: {} };
    case 'dense-mfac': return { device: withVelocity(dense), host: ofMfac() };
    case 'ggt': return { device: withVelocity(dense), host: ofGgt() };
    case 'sparse-mfac': return { device: withVelocity(sparseBytes(settings, space, backendName)), host: ofMfac() };
    case 'sparse-ggt': return { device: withVelocity(sparseBytes(settings, space, backendName)), host: ofGgt() };
  }
}

function sparseBytes(settings: Settings, space: ParameterSpace, backendName: string): StateBytes {
  const { window, valuePrecision, errorFeedback, errorFeedbackBits } = settings;
  const runs = runsOf(settings, space);
  const kept = keptIn(runs);
  const rowBytes = (isPacked: boolean) => 4 * (isPacked ? Math.ceil(kept / 2) : kept);
  return {
    windowValues: window * rowBytes(valuePrecision === 'bfloat16'),
    windowIndices: window * rowBytes(packs(backendName) && bytesPerIndex(runs) === 2),
    scratch: 4 * window + bytesPerRun * runs.length,
    ...errorFeedback && { residual: deviceResidualBytes(errorFeedbackBits, space.dimension) },
  };
}

function deviceResidualBytes(bits: Settings['errorFeedbackBits'], dimension: number): number {
  const codes = 4 * Math.ceil(dimension * bits / 32);
  return bits >= 16 ? codes : codes + 4 * Math.ceil(dimension / quantizationBlock);
}
