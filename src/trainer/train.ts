/**
 * The loop. It knows no transport: the trainer process, the CLI and the tests all iterate over it. Between two steps it
 * reaches the event loop, or no message would ever arrive, and takes what is in the mailbox.
 */
import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../backends/backend';
import { evaluationBatches } from '../data/batchPlan';
import type { BatchSource, Evaluation } from '../gradients/gradientSource';
import { HeldMeter } from '../memory/heldMeter';
import type { MemorySample, RunEvent } from '../protocol/runEvents';
import type { Settings } from '../settings/knobs';
import { Alarms } from './alarms/alarms';
import type { Finding } from './alarms/finding';
import { StoppedByAlarm } from './alarms/stoppedByAlarm';
import type { Assembly } from './assemble';
import { Capture, type CaptureOptions } from './capture';
import { Control } from './control';
import { accuracyOf, EvaluationSum } from './evaluationSum';
import { failureOf } from './failure';
import type { Mailbox } from './mailbox';
import type { Resumed } from './resume';
import type { Saver } from './saver';
import type { StepResult } from './stepper';
import { Tally } from './tally';
import { usedBackendOf } from './usedBackend';

/** An event before it is numbered and timed. */
export type TrainingEvent = RunEvent extends infer Event ? Event extends RunEvent ? Omit<Event, 'sequence' | 'time'> : never : never;

/** What a run has that outlives its process. */
export interface Lasting {
  readonly saver?: Saver;
  /** Where recorded steps go. */
  readonly snapshots?: Pick<CaptureOptions, 'store' | 'run'>;
  /** What `run` was restored from; without it the run is a new one. */
  readonly resumed?: Pick<Resumed, 'from' | 'told'>;
  /** Somebody can tell a paused run to go on. */
  readonly isAnswered?: boolean;
}

export async function* train(initial: Settings, run: Assembly, mailbox: Mailbox, { saver, snapshots, resumed, isAnswered = false }: Lasting = {}): AsyncGenerator<TrainingEvent> {
  const { dataset, split, batches, model, placement, memoryPlan, stepper, ledger, figures, backend, stepsPerEpoch, totalSteps } = run;
  const { state: { step: taken }, progress } = resumed?.from ?? { state: { step: 0 }, progress: undefined };
  const control = new Control(initial, placement, memoryPlan, mailbox, progress?.changes);
  const tally = new Tally(progress?.tally);
  const alarms = new Alarms(run, isAnswered, progress?.alarms);
  const meter = new HeldMeter(backend);
  const capture = new Capture(run, { ...snapshots, atPeak: initial.snapshotAtPeak });
  const where = usedBackendOf(backend);
  let step = taken;
  let rewired: number | undefined;

  const sampleMemory = (): MemorySample => {
    const peak = figures.takePeak();
    tally.notePeak(peak);
    const { peakBytes, peakPhase, bytesAtPeak, storedPeak } = peak;
    return { peakBytes, peakPhase, bytesAtPeak, ...(storedPeak === undefined ? {} : { storedPeak }), liveBytes: figures.live(), stateBytes: placement.stateBytes(), held: meter.read() };
  };
  async function* validate(): AsyncGenerator<TrainingEvent> {
    const sum = new EvaluationSum();
    for (const batch of evaluationBatches(dataset, split.validation, control.settings)) {
      const evaluated = await stepper.evaluate(batch);
      await setImmediate();
      checkBackend(backend);
      // The last step of an epoch may have been the one too far; no file can hold a NaN.
      if (!Number.isFinite(evaluated.loss)) {
        yield* raise(await alarms.lossOf(batch, step, control.settings, 'validation loss', evaluated.loss));
        return;
      }
      sum.add(evaluated);
    }
    const validation = sum.mean();
    tally.noteValidation(validation);
    yield { type: 'validation', step, ...validation };
  }

  async function* save(): AsyncGenerator<TrainingEvent> {
    const lossScale = run.scaling?.save();
    const event = await saver?.save(step, control.settings, { changes: control.changes, tally: tally.written(), alarms: alarms.save(), ...(lossScale === undefined ? {} : { lossScale }) });
    if (event !== undefined) yield event;
  }
  /** Does what messages ask for; while the run is paused it waits here for more. */
  async function* attend(): AsyncGenerator<TrainingEvent> {
    let answered = false;
    for await (const answer of control.betweenSteps(step)) {
      // Who reads that the run has paused may end its process.
      if (answer.type === 'paused') yield* save();
      yield answer;
      answered = true;
    }
    if (answered) await reachEventLoop();
  }
  /** Keeps the last good state, says what is wrong, and does what the settings ask for. */
  async function* raise(finding: Finding): AsyncGenerator<TrainingEvent> {
    if (finding.isGood) yield* save();
    const action = alarms.actionOn(finding, control.settings);
    const alarm = alarms.told(finding, action, step, saver?.newest);
    yield alarm;
    if (action === 'stopped') throw new StoppedByAlarm(alarm.message, { cause: finding.cause });
    if (action === 'paused') {
      yield control.hold(step);
      yield* attend();
      if (!control.stopped) alarms.goOn(finding);
    }
  }
  /** True where the next batch is to follow; else the same is tried again, by other settings. */
  async function* takeStep(batch: BatchSource): AsyncGenerator<TrainingEvent, boolean> {
    const { settings } = control;
    capture.begin(control.takeCapture(), settings);
    const begun = performance.now();
    const lossScale = run.scaling?.scale;
    const result = await attempt(batch);
    if ('kind' in result) {
      yield* raise(result);
      if (control.stopped || control.settings !== settings || result.kind === 'outOfMemory') return false;
      alarms.noteSkipped();
      step++;
      return true;
    }
    step++;
    const stepMs = performance.now() - begun;
    const { loss, diagnostics } = result;
    rewired = result.rewired?.pruned ?? rewired;
    tally.noteLoss(loss);
    const memory = sampleMemory();
    yield {
      type: 'sample', step, steps: 1, loss, lossMin: loss, lossMax: loss,
      ...accuracyOf(result), stepMs, memory, ...flopsOf(result), ...(diagnostics === undefined ? {} : { diagnostics }),
      ...(lossScale === undefined ? {} : { lossScale, skippedSteps: run.scaling?.skipped }), ...(rewired === undefined ? {} : { rewired }),
    };
    yield* capture.tell({ step, examples: result.examples, settings, stepMs, peak: memory });
    for (const finding of alarms.afterStep(loss, memory, control.settings, batch)) yield* raise(finding);
    return true;
  }
  /** Takes the next step, or finds out why it cannot be taken. */
  async function attempt(batch: BatchSource): Promise<StepResult | Finding> {
    const { settings } = control;
    try {
      const result = await stepper.run(batch, step + 1, placement.watch(settings)).finally(() => { capture.end(); });
      checkBackend(backend);
      return Number.isFinite(result.loss) ? result : await alarms.lossOf(batch, step + 1, settings, 'loss', result.loss);
    } catch (error) {
      const found = await alarms.failureOf(error, batch, step + 1, settings);
      if (found === undefined) throw error;
      return found;
    }
  }

  async function* stop(): AsyncGenerator<TrainingEvent> {
    if (!alarms.hasDiverged) yield* save();
    yield tally.finished('stopped', step);
  }
  async function* begin(): AsyncGenerator<TrainingEvent> {
    yield {
      type: 'started', settings: initial, backend: where,
      parameterCount: run.parameterCount, parameters: model.parameters.map(({ name, shape }) => ({ name, shape: [...shape] })),
      trainExamples: split.train.length, validationExamples: split.validation.length, stepsPerEpoch, totalSteps,
      datasetBytes: dataset.bytes, ...(dataset.text?.leftOut === undefined || dataset.text.leftOut.length === 0 ? {} : { leftOut: [...dataset.text.leftOut] }),
    };
    yield* validate();
  }

  try {
    if (resumed === undefined) yield* begin();
    else {
      yield { type: 'restored', step, ...resumed.told, settings: initial, changes: control.changes, totalSteps, backend: where };
      // Of another length, it must not shrink again when it is resumed once more.
      yield* save();
    }
    for (let epoch = Math.floor(step / stepsPerEpoch); epoch < initial.epochs; epoch++) {
      const done = step - epoch * stepsPerEpoch;
      if (done === 0) tally.startEpoch();
      for (const batch of batches.epoch(epoch, done)) {
        do {
          await reachEventLoop();
          if (saver?.isDue(step, initial) && !alarms.isDoubtful) yield* save();
          yield* attend();
          if (control.stopped) {
            yield* stop();
            return;
          }
        } while (!(yield* takeStep(batch)));
      }
      yield* validate();
      if (control.stopped) {
        yield* stop();
        return;
      }
    }
    tally.notePeak(figures.takePeak());
    yield* save();
    yield tally.finished('completed', step);
  } catch (error) {
    // What breaks off first is seldom the cause, which a device tells a turn later.
    await setImmediate();
    const cause = error instanceof StoppedByAlarm ? error : backend.failed?.() ?? error;
    const shortage = cause instanceof StoppedByAlarm ? undefined : alarms.shortOf(cause, control.settings);
    const alarm = shortage && alarms.told(shortage, 'stopped', step, saver?.newest);
    if (alarm !== undefined) yield alarm;
    yield tally.finished('failed', step, failureOf(alarm === undefined ? cause : new StoppedByAlarm(alarm.message, { cause }), where));
  } finally {
    stepper.dispose();
    ledger.stop();
    dataset.close();
    await run.team?.close();
  }
}

/** Absent where operations are not counted, as by several workers. */
function flopsOf({ flops, recomputedFlops }: Evaluation): Pick<Evaluation, 'flops' | 'recomputedFlops'> {
  return { ...(flops === undefined ? {} : { flops }), ...(recomputedFlops === undefined ? {} : { recomputedFlops }) };
}

/** Turns of the event loop that a message takes from the socket to the mailbox, or back: without them each would cost a step. */
const turnsOfAMessage = 5;

async function reachEventLoop(): Promise<void> {
  for (let turn = 0; turn < turnsOfAMessage; turn++) await setImmediate();
}

/** Numbers of a device that has failed are worth nothing, however they look. */
function checkBackend({ failed }: Pick<Backend, 'failed'>): void {
  const failure = failed?.();
  if (failure !== undefined) throw failure;
}
