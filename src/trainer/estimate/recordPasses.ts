/** Records passes of a run's model on stand-ins, in a ledger of their own: every buffer that comes and goes, as in the run itself. */
import type { Backend } from '../../backends/backend';
import type { Dataset } from '../../data/dataset';
import { evaluate } from '../../gradients/evaluate';
import type { Evaluation, GradientRequest } from '../../gradients/gradientSource';
import { withExamples } from '../../gradients/microbatches';
import type { Segment } from '../../gradients/recompute/segment';
import { tapeGradients } from '../../gradients/tape';
import type { Weights } from '../../gradients/weights';
import { Ledger } from '../../memory/ledger';
import { StepRecorder } from '../../memory/stepRecorder';
import type { Model } from '../../models/model';
import { createDeviceOptimizer } from '../../optimizers/device/deviceOptimizer';
import type { Settings } from '../../settings/knobs';
import { isPacked, scalesLoss } from '../../settings/memoryTechniques';
import { DevicePlacement } from '../devicePlacement';
import { storageOf } from '../memoryPlan';
import type { SliceShape } from './batchShapes';
import type { Recorded } from './extrapolate';
import { denseZeros, lentZeros, standInSource } from './standIns';

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

/** One slice of a step; with the state on the device also a second where there is one, and the update, whose tensors count too. */
export async function recordTraining(subject: Subject, recording: Recording): Promise<Recorded> {
  const { settings, slices } = recording;
  const isOnDevice = !isPacked(settings) && settings.placement === 'device';
  // An update takes values as they come, so there everything is computed.
  const { backend: { withoutComputing } } = subject;
  const run = () => record(subject, recording, ledger => {
    const placement = isOnDevice ? devicePlacement(subject.model, recording, ledger) : undefined;
    const own = placement === undefined ? (isPacked(settings) ? lentZeros : denseZeros)(ledger, subject.model) : undefined;
    const weights: Weights = placement?.weights ?? own as Weights;
    return {
      run: async () => {
        const passes = await takePasses(subject, recording, weights, isOnDevice ? Math.min(slices, 2) : 1, ledger, placement === undefined ? () => undefined : (...given) => { placement.collect(...given); });
        ledger.enter('update');
        await placement?.update(1, { lossScale: 1 });
        return passes;
      },
      dispose: () => { (placement ?? own)?.dispose(); },
    };
  });
  return withoutComputing === undefined || isOnDevice ? run() : withoutComputing(run);
}

export function recordEvaluation(subject: Subject, recording: Recording): Promise<Recorded> {
  const { backend: { withoutComputing }, model, dataset } = subject;
  const run = () => record(subject, recording, ledger => {
    const weights = (isPacked(recording.settings) ? lentZeros : denseZeros)(ledger, model);
    const source = standInSource(recording.slice, dataset.labelKind, recording.examples);
    ledger.enter('validation');
    return { run: () => withExamples(ledger, source, 0, recording.examples, made => evaluate(ledger, model, weights, made)), dispose: () => { weights.dispose(); } };
  });
  return withoutComputing === undefined ? run() : withoutComputing(run);
}

interface Prepared {
  run(): Promise<Evaluation>;
  dispose(): void;
}

async function record({ model, backend }: Subject, { examples, settings }: Recording, prepare: (ledger: Ledger) => Prepared): Promise<Recorded> {
  const ledger = new Ledger();
  let prepared: Prepared | undefined;
  try {
    prepared = prepare(ledger);
    const recorder = new StepRecorder();
    ledger.record(recorder);
    const { flops = 0, recomputedFlops = 0 } = await prepared.run();
    ledger.stopRecording();
    return { examples, flops, recomputedFlops, snapshot: recorder.snapshot({ model: model.name, backend: backend.name, step: 1, examples, settings: { ...settings }, takenAt: new Date().toISOString(), reason: 'predicted' }) };
  } finally {
    prepared?.dispose();
    ledger.stop();
  }
}

/** The passes of the first `count` slices. */
export async function takePasses(
  { model, dataset }: Subject, { settings, slice, examples, slices, segments }: Omit<Recording, 'totalSteps'>, weights: Weights, count: number, ledger: Ledger, receive: GradientRequest['receive'],
): Promise<Evaluation> {
  const source = standInSource(slice, dataset.labelKind, examples);
  const passes = tapeGradients(ledger, { segments: () => segments, storage: () => storageOf(ledger, settings) });
  let evaluation: Evaluation = { loss: 0 };
  for (let index = 0; index < count; index++) {
    const share = { weight: 1 / slices, first: index === 0, last: index === slices - 1 };
    evaluation = await withExamples(ledger, source, 0, examples, batch => passes({
      model, weights, batch, seed: 1, slices, lossScale: scalesLoss(settings) ? 2 : 1, receive: (parameter, gradient) => { receive(parameter, gradient, share); },
    }));
    if (!Number.isFinite(evaluation.loss)) throw new Error(`The loss of ${model.name} is ${evaluation.loss} where all weights are zero, so what a step holds cannot be said before it is made.`);
  }
  return evaluation;
}

function devicePlacement(model: Model, { settings, totalSteps }: Recording, ledger: Ledger): DevicePlacement {
  return new DevicePlacement(() => createDeviceOptimizer(settings, model.parameters, { totalSteps }), () => denseZeros(ledger, model), ledger);
}
