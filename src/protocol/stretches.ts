/**
 * What was measured between two changes, so that a forecast can stand beside what really happened. The first sample of a stretch counts only
 * until there is a second: its steps reshape the state, warm up and plan.
 */
import type { SampleEvent } from './runEvents';
import { storedBytes } from './samples';

export interface StepTimes {
  steps: number;
  ms: number;
}

export interface Stretch {
  samples: number;
  /** Of all its steps, of the first few of them, and of the last few samples, latest last. */
  all: StepTimes;
  early: StepTimes;
  late: StepTimes[];
  /** Of its steps, validation apart. Absent where nobody noted them. */
  peakBytes: number | undefined;
  storedBytes: number | undefined;
  optimizerStateBytes: number | undefined;
}

/** Steps that a mean needs to be calm: after a change no more are waited for, before it those of as many samples are looked at. */
const fewSteps = 20;
const fewSamples = 10;

export function newStretch(): Stretch {
  return {
    samples: 0, all: { steps: 0, ms: 0 }, early: { steps: 0, ms: 0 }, late: [],
    peakBytes: undefined, storedBytes: undefined, optimizerStateBytes: undefined,
  };
}

/** Folds one sample in, in place. */
export function addToStretch(stretch: Stretch, { steps, stepMs, memory }: SampleEvent): void {
  if (stretch.samples === 1) Object.assign(stretch, newStretch(), { samples: 1 });
  stretch.samples += 1;
  const times = { steps, ms: steps * stepMs };
  add(stretch.all, times);
  if (stretch.early.steps < fewSteps) add(stretch.early, times);
  stretch.late = [...stretch.late, times].slice(-fewSamples);
  if (memory.peakPhase !== 'validation') stretch.peakBytes = higher(stretch.peakBytes, memory.peakBytes);
  if (memory.storedPeak !== undefined && memory.peakPhase !== 'validation') stretch.storedBytes = higher(stretch.storedBytes, storedBytes(memory.storedPeak));
  stretch.optimizerStateBytes = higher(stretch.optimizerStateBytes, memory.liveBytes.optimizerState);
}

/** Mean milliseconds of a step; undefined before there was one. */
export function meanMs({ steps, ms }: StepTimes): number | undefined {
  return steps === 0 ? undefined : ms / steps;
}

/** The same over the last few samples. */
export function lateMs({ late }: Pick<Stretch, 'late'>): number | undefined {
  return meanMs(late.reduce((all, times) => ({ steps: all.steps + times.steps, ms: all.ms + times.ms }), { steps: 0, ms: 0 }));
}

/** Differences from one stretch to the next; each is absent while it cannot be told. */
export interface Outcome {
  readonly peakBytes?: number;
  readonly storedBytes?: number;
  readonly stepMs?: number;
  /** Of the steps before, which differences of time are shares of. */
  readonly stepMsBefore?: number;
}

/** `changeIndex`: the place of the change in the list of changes. Undefined until steps after it were measured. */
export function outcomeOf(stretches: readonly Stretch[], changeIndex: number): Outcome | undefined {
  const [before, after] = [stretches[changeIndex], stretches[changeIndex + 1]];
  if (before === undefined || after === undefined || after.samples < 2) return undefined;
  const [stepMsBefore, stepMsAfter] = [lateMs(before), meanMs(after.early)];
  return {
    ...difference('peakBytes', before.peakBytes, after.peakBytes), ...difference('storedBytes', before.storedBytes, after.storedBytes),
    ...difference('stepMs', stepMsBefore, stepMsAfter), ...(stepMsBefore === undefined ? {} : { stepMsBefore }),
  };
}

function difference(name: keyof Outcome, before: number | undefined, after: number | undefined): Outcome {
  return before === undefined || after === undefined ? {} : { [name]: after - before };
}

function add(sum: StepTimes, { steps, ms }: StepTimes): void {
  sum.steps += steps;
  sum.ms += ms;
}

function higher(first: number | undefined, second: number): number {
  return Math.max(first ?? 0, second);
}
