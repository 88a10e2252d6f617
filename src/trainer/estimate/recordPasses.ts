/** Records passes of a run's model on stand-ins, in a ledger of their own: every buffer that comes and goes, as in the run itself. */
import type { Backend } from '../../backends/backend';
import type { Dataset } from '../../data/dataset';
import { evaluate } from '../../gradients/evaluate';
import type { Evaluation, GradientRequest } from '../../gradients/gradientSource';
import { withExamples } from '../../gradients/microbatches';
import type { Segment } from '../../gradients/recompute/segment';
import { tapeGradients } from '../../gradients/tape';
import { Ledger } from '../../memory/ledger';
import { StepRecorder } from '../../memory/stepRecorder';
import type { Model } from '../../models/model';
import { createDeviceOptimizer } from '../../optimizers/device/deviceOptimizer';
import { isUsedBy, type Settings } from '../../settings/knobs';
import { isPacked, scalesLoss } from '../../settings/memoryTechniques';
import { DevicePlacement } from '../devicePlacement';
import { storageOf } from '../memoryPlan';
import type { SliceShape } from './batchShapes';
import type { Recorded } from './extrapolate';
import { denseZeros, standInSource, withStandIns, type WeightsWithBuffers } from './standIns';

/** What is trained, and where. The backend is current. */
export interface Subject {
  readonly backend: Backend;
  readonly model: Model;
  readonly dataset: Dataset;
}

export interface Recording {
  readonly settings: Settings;
  readonly slice: SliceShape;
  readonly examples: number;
  /** Slices of a batch; gradients of a second are added to those of the first. */
  readonly slices: number;
  readonly segments: readonly Segment[];
  readonly totalSteps: number;
}

/** The passes of a step. With the state on the device also its updates, since their tensors count too. */
export function recordTraining(subject: Subject, recording: Recording): Promise<Recorded> {
  const { model, backend: { withoutComputing, read } } = subject;
  const { settings } = recording;
  if (!isPacked(settings) && settings.placement === 'device') return recordOnDevice(subject, recording);
  const passes = () => withStandIns(model, settings, (weights, ledger) =>
    recorded(subject, recording, ledger, () => takePasses(subject, recording, weights, ledger, read === undefined ? { receive: () => undefined } : onTheirWay(ledger))));
  return withoutComputing === undefined ? passes() : withoutComputing(passes);
}

/** Gradients that only wait to be read, held as the placements hold them: the host takes none in before the backward pass is over. */
function onTheirWay(ledger: Ledger): Pick<GradientRequest, 'receive' | 'arrived'> {
  let bytes = 0;
  const hold = (sum: number): undefined => { ledger.hold('workspace', bytes = sum); };
  return { receive: (_, gradient) => { hold(bytes + 4 * gradient.size); }, arrived: () => hold(0) };
}

export function recordEvaluation(subject: Subject, recording: Recording): Promise<Recorded> {
  const { backend: { withoutComputing }, model, dataset } = subject;
  const source = standInSource(recording.slice, dataset.labelKind, recording.examples);
  const passes = () => withStandIns(model, recording.settings, (weights, ledger) => {
    ledger.enter('validation');
    return recorded(subject, recording, ledger, () => withExamples(ledger, 'validation', source, 0, recording.examples, made => evaluate(ledger, model, weights, made)));
  });
  return withoutComputing === undefined ? passes() : withoutComputing(passes);
}

/** Steps until a window is full at most. */
const mostUpdates = 12;

/** An update takes values as they come, so everything is computed; with a window it holds more until that is full. */
async function recordOnDevice(subject: Subject, recording: Recording): Promise<Recorded> {
  const { model } = subject;
  const { settings, totalSteps } = recording;
  const updates = isUsedBy('window', settings.optimizer) ? settings.window + 2 : 1;
  if (updates > mostUpdates) throw new Error(`What an update of ${settings.optimizer} holds on the device grows until its window of ${settings.window} is full, so it cannot be said in a moment. Lower window to ${mostUpdates - 2}, or set placement to "host".`);
  const ledger = new Ledger();
  let placement: DevicePlacement | undefined;
  try {
    const made = new DevicePlacement(() => createDeviceOptimizer(settings, model.parameters, { totalSteps }), () => denseZeros(ledger, model), ledger);
    placement = made;
    return await recorded(subject, recording, ledger, async () => {
      let passes: Evaluation = { loss: 0 };
      for (let step = 1; step <= updates; step++) {
        passes = await takePasses(subject, recording, made.weights, ledger, { receive: (...given) => { made.collect(...given); } });
        ledger.enter('update');
        await made.update(step, { lossScale: 1 });
      }
      return passes;
    });
  } finally {
    placement?.dispose();
    ledger.stop();
  }
}

async function recorded({ model, backend }: Subject, { examples, settings }: Recording, ledger: Ledger, run: () => Promise<Evaluation>): Promise<Recorded> {
  const recorder = new StepRecorder();
  ledger.record(recorder);
  const { flops = 0, recomputedFlops = 0 } = await run();
  ledger.stopRecording();
  return {
    examples, flops, recomputedFlops,
    snapshot: recorder.snapshot({ model: model.name, backend: backend.name, step: 1, examples, settings: { ...settings }, takenAt: new Date().toISOString(), reason: 'predicted' }),
  };
}

/**
 * The passes of the first slice, and where a second finds more than the first did, of that too: buffers that have moved, gradients to add
 * to. What the buffers were is kept for the whole step, as in a run.
 */
export async function takePasses(
  { model, dataset }: Pick<Subject, 'model' | 'dataset'>, { settings, slice, examples, slices, segments }: Omit<Recording, 'totalSteps'>, weights: WeightsWithBuffers, ledger: Ledger,
  { receive, arrived }: Pick<GradientRequest, 'receive' | 'arrived'>,
): Promise<Evaluation> {
  const source = standInSource(slice, dataset.labelKind, examples);
  const passes = tapeGradients(ledger, { segments: () => segments, storage: () => storageOf(ledger, settings, examples / slice.examples) });
  const count = model.buffers.length > 0 || settings.placement === 'device' ? Math.min(slices, 2) : 1;
  let evaluation: Evaluation = { loss: 0 };
  weights.modelBuffers.end(true);
  weights.modelBuffers.begin();
  for (let index = 0; index < count; index++) {
    const share = { weight: 1 / slices, first: index === 0, last: index === slices - 1 };
    evaluation = await withExamples(ledger, 'forward', source, 0, examples, batch => passes({
      model, weights, batch, seed: 1, slices, lossScale: scalesLoss(settings) ? 2 : 1, receive: (parameter, gradient) => { receive(parameter, gradient, share); },
    }));
    await arrived?.();
    if (!Number.isFinite(evaluation.loss)) throw new Error(`The loss of ${model.name} is ${evaluation.loss} where all weights are zero, so what a step holds cannot be said before it is made.`);
  }
  return evaluation;
}
