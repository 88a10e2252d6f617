/**
 * The loop. It knows no transport: the trainer process, the CLI and the tests all iterate over it. Between two steps it
 * reaches the event loop, or no message would ever arrive, and takes what is in the mailbox.
 */
import { setImmediate } from 'node:timers/promises';
import type { Backend } from '../backends/backend';
import { evaluationBatches } from '../data/batchPlan';
import type { Evaluation } from '../gradients/gradientSource';
import { HeldMeter } from '../memory/heldMeter';
import type { MemorySample, RunEvent } from '../protocol/runEvents';
import { isUsedBy, type Settings } from '../settings/knobs';
import type { Assembly } from './assemble';
import { Control } from './control';
import { accuracyOf, EvaluationSum } from './evaluationSum';
import { failureOf } from './failure';
import type { Mailbox } from './mailbox';
import type { Resumed } from './resume';
import type { Saver } from './saver';
import { Tally } from './tally';
import { usedBackendOf } from './usedBackend';

/** An event before it is numbered and timed. */
export type TrainingEvent = RunEvent extends infer Event ? Event extends RunEvent ? Omit<Event, 'sequence' | 'time'> : never : never;

/** What a run has that outlives its process. */
export interface Lasting {
  readonly saver?: Saver;
  /** What `run` was restored from; without it the run is a new one. */
  readonly resumed?: Pick<Resumed, 'from' | 'told'>;
}

export async function* train(initial: Settings, run: Assembly, mailbox: Mailbox, { saver, resumed }: Lasting = {}): AsyncGenerator<TrainingEvent> {
  const { dataset, split, batches, model, placement, memoryPlan, stepper, ledger, figures, backend, stepsPerEpoch, totalSteps } = run;
  const { state: { step: taken }, progress } = resumed?.from ?? { state: { step: 0 }, progress: undefined };
  const control = new Control(initial, placement, memoryPlan, mailbox, progress?.changes);
  const tally = new Tally(progress?.tally);
  const meter = new HeldMeter(backend);
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
      sum.add(await stepper.evaluate(batch));
      await setImmediate();
      checkBackend(backend);
    }
    const validation = sum.mean();
    // The last step of an epoch may have been the one too far; no file can hold a NaN.
    if (!Number.isFinite(validation.loss)) throw new Error(divergence('validation loss', validation.loss, step, control.settings));
    tally.noteValidation(validation);
    yield { type: 'validation', step, ...validation };
  }

  async function* save(): AsyncGenerator<TrainingEvent> {
    const lossScale = run.scaling?.save();
    const event = await saver?.save(step, control.settings, { changes: control.changes, tally: tally.written(), ...(lossScale === undefined ? {} : { lossScale }) });
    if (event !== undefined) yield event;
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
        await reachEventLoop();
        if (saver?.isDue(step, initial)) yield* save();
        let answered = false;
        for await (const answer of control.betweenSteps(step)) {
          // Who reads that the run has paused may end its process.
          if (answer.type === 'paused') yield* save();
          yield answer;
          answered = true;
        }
        if (answered) await reachEventLoop();
        if (control.stopped) {
          yield* save();
          yield tally.finished('stopped', step);
          return;
        }
        const begun = performance.now();
        const lossScale = run.scaling?.scale;
        const result = await stepper.run(batch, step + 1, placement.watch(control.settings));
        checkBackend(backend);
        if (!Number.isFinite(result.loss)) throw new Error(divergence('loss', result.loss, step + 1, control.settings));
        step++;
        const stepMs = performance.now() - begun;
        const { diagnostics } = result;
        rewired = result.rewired?.pruned ?? rewired;
        tally.noteLoss(result.loss);
        yield {
          type: 'sample', step, steps: 1, loss: result.loss, lossMin: result.loss, lossMax: result.loss,
          ...accuracyOf(result), stepMs, memory: sampleMemory(), ...flopsOf(result), ...(diagnostics === undefined ? {} : { diagnostics }),
          ...(lossScale === undefined ? {} : { lossScale, skippedSteps: run.scaling?.skipped }), ...(rewired === undefined ? {} : { rewired }),
        };
      }
      yield* validate();
    }
    tally.notePeak(figures.takePeak());
    yield* save();
    yield tally.finished('completed', step);
  } catch (error) {
    // What breaks off first is seldom the cause, which a device tells a turn later.
    await setImmediate();
    yield tally.finished('failed', step, failureOf(backend.failed?.() ?? error, where));
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

function divergence(what: string, loss: number, step: number, { learningRate, optimizer }: Settings): string {
  const damping = isUsedBy('damping', optimizer) ? ', raise the damping' : '';
  return `${what} is ${loss} at step ${step}, but must be a finite number: training has diverged at learningRate ${learningRate}. Lower the learning rate${damping}, or start again from other settings.`;
}
