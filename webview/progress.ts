/** How far a run is and how fast it goes, from its state and its latest samples. Absent where nothing says. */
import { examplesPerStep } from '../src/protocol/examplesPerStep';
import { isOver } from '../src/protocol/runState';
import type { View } from './store';

export interface Progress {
  readonly step: number;
  readonly totalSteps: number | undefined;
  readonly epoch: number | undefined;
  readonly epochs: number;
  /** Milliseconds per step, mean of the latest samples. */
  readonly stepMs: number | undefined;
  readonly examplesPerSecond: number | undefined;
  /** Milliseconds left, while the run goes on. */
  readonly etaMs: number | undefined;
  readonly elapsedMs: number;
}

/** Samples that speed is averaged over: enough to be calm, few enough to follow a change. */
const recentSamples = 20;

export function progressOf({ state, points }: View): Progress {
  const { step, settings, started, elapsedMs } = state;
  const stepMs = meanStepMs(points.slice(-recentSamples));
  const totalSteps = started?.totalSteps;
  const examples = examplesPerStep(settings, started);
  const goesOn = !isOver(state.status) && stepMs !== undefined && totalSteps !== undefined;
  return {
    step, totalSteps, elapsedMs, stepMs,
    epoch: started && Math.min(settings.epochs, Math.max(1, Math.ceil(step / started.stepsPerEpoch))),
    epochs: settings.epochs,
    examplesPerSecond: examples === undefined || stepMs === undefined || stepMs === 0 ? undefined : examples * 1000 / stepMs,
    etaMs: goesOn ? Math.max(0, totalSteps - step) * stepMs : undefined,
  };
}

function meanStepMs(points: View['points']): number | undefined {
  let [ms, steps] = [0, 0];
  for (const point of points) [ms, steps] = [ms + point.stepMs * point.steps, steps + point.steps];
  return steps === 0 ? undefined : ms / steps;
}
