/** Records steps allocation by allocation, when somebody asks, at new peaks and beyond the memory budget, and writes them down. Costs nothing in all other steps. */
import { encodeSnapshot } from '../protocol/snapshot/encodeSnapshot';
import type { Peak } from '../memory/ledger';
import type { StepSnapshot } from '../protocol/snapshot/stepSnapshot';
import type { Settings } from '../settings/knobs';
import { budgetBytesOf } from '../settings/budgetBytes';
import { memorySettings } from './alarms/budget';
import { PeakWatch } from './peakWatch';
import { recordStep, type RecordedStep } from './recordStep';
import type { SnapshotStore } from './snapshotStore';
import type { TrainingEvent } from './train';

/** Steps that tell what one usually takes. */
const remembered = 15;

export interface CaptureOptions {
  /** Without one nothing can be kept. */
  readonly store?: Pick<SnapshotStore, 'write' | 'highestPeak'>;
  /** Name of the run. */
  readonly run?: string;
  readonly atPeak: boolean;
}

/** What is known of a step when it is over. */
export interface Taken {
  readonly step: number;
  readonly examples: number;
  readonly settings: Settings;
  readonly stepMs: number;
  readonly peak: Pick<Peak, 'peakBytes' | 'peakPhase'>;
}

interface Recording {
  readonly asked: boolean;
  /** To show what exceeds the memory budget, should it. */
  readonly forBudget: boolean;
  readonly end: () => (about: RecordedStep) => StepSnapshot;
  /** There once the step has ended. */
  make?: (about: RecordedStep) => StepSnapshot;
}

interface Candidate {
  readonly taken: Taken;
  readonly make: () => StepSnapshot;
}

export class Capture {
  private readonly watch: PeakWatch | undefined;
  private recording: Recording | undefined;
  /** Settings for memory of which a step was recorded for the budget. */
  private weighed: string | undefined;
  /** The highest recorded step of a peak that none has come near so far. */
  private best: Candidate | undefined;
  private written: number;
  private readonly times: number[] = [];

  constructor(private readonly assembly: Parameters<typeof recordStep>[0], private readonly options: CaptureOptions) {
    const { store, atPeak } = options;
    this.written = store?.highestPeak ?? 0;
    // Where other threads compute, a peak is not ours alone, and a recording of ours would not explain it.
    if (atPeak && store !== undefined && assembly.team === undefined) this.watch = new PeakWatch(store.highestPeak);
  }

  /** Before a step. One that was asked for and then could not be taken is recorded when it is tried again. */
  begin(asked: boolean, settings: Settings): void {
    const { recording: failed, watch } = this;
    const wish = { asked: asked || failed?.asked === true, forBudget: this.mayExceed(settings) || failed?.forBudget === true };
    this.recording = wish.asked || wish.forBudget || watch?.isChasing === true ? { ...wish, ...recordStep(this.assembly) } : undefined;
  }

  /** The first step with these settings for memory, of all steps the likeliest to be the first beyond a budget: its peak is the next ones' too. */
  private mayExceed(settings: Settings): boolean {
    const now = memorySettings(settings);
    if (this.watch === undefined || settings.memoryBudget === null || now === this.weighed) return false;
    this.weighed = now;
    return true;
  }

  /** The step is over, or has failed. */
  end(): void {
    if (this.recording !== undefined) this.recording.make = this.recording.end();
  }

  /** After a step that was taken. */
  async *tell(taken: Taken): AsyncGenerator<TrainingEvent> {
    const { recording, watch } = this;
    const { step, stepMs, peak: { peakBytes, peakPhase } } = taken;
    this.recording = undefined;
    // What validation holds no recording of a step shows.
    if (step > 1 && peakPhase !== 'validation') watch?.note(peakBytes);
    if (recording?.make === undefined) {
      if (this.times.push(stepMs) > remembered) this.times.shift();
      return;
    }
    const { make, asked, forBudget } = recording;
    const about = this.aboutOf(taken, asked);
    const candidate = { taken, make: () => make(about) };
    if (forBudget && !asked && exceedsBudget(taken) && peakBytes > this.written) {
      this.written = peakBytes;
      yield await this.write(candidate, 'peak');
    }
    if (watch?.isChasing === true) yield* this.chase(candidate, watch, asked);
    if (asked) yield await this.write(candidate, 'asked');
  }

  private async *chase(candidate: Candidate, watch: PeakWatch, asked: boolean): AsyncGenerator<TrainingEvent> {
    const { peakBytes } = candidate.taken.peak;
    const verdict = watch.judge(peakBytes);
    if (verdict === 'kept' || peakBytes > (this.best?.taken.peak.peakBytes ?? 0)) this.best = candidate;
    if (verdict === 'held') return;
    const { best } = this;
    this.best = undefined;
    if (best === undefined || best.taken.peak.peakBytes <= this.written) return;
    this.written = best.taken.peak.peakBytes;
    // One file is enough of a step that somebody asked for as well.
    if (!asked || best !== candidate) yield await this.write(best, 'peak');
  }

  private async write({ taken: { step, peak: { peakBytes }, stepMs }, make }: Candidate, reason: 'asked' | 'peak'): Promise<TrainingEvent> {
    const snapshot = make();
    try {
      if (this.options.store === undefined) throw new Error('the run has no folder to keep it in');
      const bytes = encodeSnapshot(snapshot);
      const file = await this.options.store.write(step, bytes, { reason, peakBytes });
      const { usualStepMs } = snapshot.about;
      return { type: 'snapshot', step, file, bytes: bytes.length, events: snapshot.events.kind.length, peakBytes, reason, stepMs, ...(usualStepMs === undefined ? {} : { usualStepMs }) };
    } catch (error) {
      return { type: 'notSaved', what: 'snapshot', step, message: `The snapshot of step ${step} could not be kept: ${error instanceof Error ? error.message : String(error)}. Training goes on; make room and record another step.` };
    }
  }

  private aboutOf({ step, examples, settings, stepMs }: Taken, asked: boolean): RecordedStep {
    const { times, options: { run } } = this;
    const usual = times.toSorted((a, b) => a - b)[times.length >> 1];
    return { step, examples, settings, reason: asked ? 'asked' : 'peak', stepMs, ...(usual === undefined ? {} : { usualStepMs: usual }), ...(run === undefined ? {} : { run }) };
  }
}

function exceedsBudget({ settings, peak: { peakBytes, peakPhase } }: Taken): boolean {
  return peakPhase !== 'validation' && peakBytes > (budgetBytesOf(settings) ?? Infinity);
}
