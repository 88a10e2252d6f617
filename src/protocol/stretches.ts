/**
 * What was measured between two changes, so that a prediction of constant settings can stand beside what really happened. The first sample
 * of a stretch counts only until there is a second, since its steps reshape the state, warm up and plan; in `highest` it counts.
 */
import type { FinishedEvent, RestoredEvent, SampleEvent } from './runEvents';
import { storedBytes } from './samples';

export interface StepTimes {
  steps: number;
  ms: number;
}

/** Each absent where nobody noted it. */
interface HighestBytes {
  peakBytes: number | undefined;
  storedBytes: number | undefined;
}

export interface Stretch extends HighestBytes {
  samples: number;
  /** The last step that it covers; 0 before there is one. */
  step: number;
  /** Of all its steps, of the first few of them, and of the last few samples, latest last. */
  all: StepTimes;
  early: StepTimes;
  late: StepTimes[];
  optimizerStateBytes: number | undefined;
  /** The bytes above are of its steps, validation apart; these are of all that it held. */
  highest: HighestBytes;
}

/** Steps that a mean needs to be calm: after a change no more are waited for, before it those of as many samples are looked at. */
const fewSteps = 20;
const fewSamples = 10;

export function newStretch(): Stretch {
  return {
    samples: 0, step: 0, all: { steps: 0, ms: 0 }, early: { steps: 0, ms: 0 }, late: [],
    peakBytes: undefined, storedBytes: undefined, optimizerStateBytes: undefined, highest: { peakBytes: undefined, storedBytes: undefined },
  };
}

/** Folds one sample in, in place. */
export function addToStretch(stretch: Stretch, { step, steps, stepMs, memory }: Pick<SampleEvent, 'step' | 'steps' | 'stepMs' | 'memory'>): void {
  const { highest } = stretch;
  if (stretch.samples === 1) Object.assign(stretch, newStretch(), { samples: 1, highest });
  stretch.samples += 1;
  stretch.step = step;
  const times = { steps, ms: steps * stepMs };
  add(stretch.all, times);
  if (stretch.early.steps < fewSteps) add(stretch.early, times);
  stretch.late = [...stretch.late, times].slice(-fewSamples);
  raise(highest, memory);
  if (memory.peakPhase !== 'validation') raise(stretch, memory);
  stretch.optimizerStateBytes = higher(stretch.optimizerStateBytes, memory.liveBytes.optimizerState);
}

/** Folds the end of a run in: its last validation comes after its last sample. What it says is of the whole run, so of a run with one stretch. */
export function endStretches([only, ...more]: readonly Stretch[], finished: Pick<FinishedEvent, 'peakBytes' | 'storedPeak'>): void {
  if (only !== undefined && more.length === 0) raise(only.highest, finished);
}

/**
 * What is left when a run goes on from a checkpoint. What was measured of settings that hold again was measured, although some of its steps are
 * made again; on another backend it says nothing of what follows.
 */
export function stretchesUpTo(stretches: readonly Stretch[], { step, changes }: Pick<RestoredEvent, 'step' | 'changes'>, isElsewhere: boolean): Stretch[] {
  const [before, open] = [stretches.slice(0, changes), stretches[changes]];
  return [...before, open === undefined || isElsewhere ? newStretch() : { ...open, step: Math.min(open.step, step) }];
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

function raise(bytes: HighestBytes, { peakBytes, storedPeak }: Pick<FinishedEvent, 'peakBytes' | 'storedPeak'>): void {
  if (peakBytes !== undefined) bytes.peakBytes = higher(bytes.peakBytes, peakBytes);
  if (storedPeak !== undefined) bytes.storedBytes = higher(bytes.storedBytes, storedBytes(storedPeak));
}

function higher(first: number | undefined, second: number): number {
  return Math.max(first ?? 0, second);
}
