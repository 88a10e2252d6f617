/** What steps of a real run hold, by its ledger: validation first and then training, as in a run, on the batches that need the most. */
import { evaluationBatches } from '../../src/data/batchPlan';
import type { ExampleBatch } from '../../src/data/batches';
import type { Peak } from '../../src/memory/ledger';
import { sumBytes, type Bytes, type Phase } from '../../src/protocol/samples';
import type { Settings } from '../../src/settings/knobs';
import { totalBytes } from '../../src/settings/stateBytes';
import { assemble } from '../../src/trainer/assemble';
import { assets } from './assets';

export interface Measured {
  readonly peakBytes: number;
  readonly peakPhase: Phase;
  readonly bytesAtPeak: Bytes;
  readonly storedBytes: number;
  readonly stateBytes: number;
}

/** Numbers of steps: until the window is full, where it is on the device, and one that moves the masks of sparse weights. */
function stepsOf({ placement, window, weightDensity, rewireEvery }: Settings, batches: number, totalSteps: number): number[] {
  const steps = Array.from({ length: Math.max(placement === 'device' ? window + 2 : 2, batches) }, (_, at) => at + 1);
  return weightDensity < 1 && rewireEvery <= totalSteps ? [...steps, rewireEvery] : steps;
}

export async function measuredSteps(settings: Settings, workspace?: string): Promise<Measured> {
  const run = await assemble(settings, { assets, workspace });
  const { stepper, ledger, placement, dataset, split, batches, totalSteps } = run;
  const peaks: Peak[] = [];
  const note = () => { peaks.push(ledger.takePeak()); };
  try {
    const varies = dataset.inputs.some(({ shape }) => shape.includes(null));
    const [validated, trained] = [largest(evaluationBatches(dataset, split.validation, settings), varies, null), largest(batches.epoch(0), varies, settings.microbatch)];
    // Looking at batches made tensors of them.
    ledger.takePeak();
    for (const batch of validated) {
      await stepper.evaluate(batch);
      note();
    }
    for (const [at, step] of stepsOf(settings, trained.length, totalSteps).entries()) {
      await stepper.run(trained[at % trained.length]!, step, placement.watch(settings));
      note();
    }
    const highest = peaks.reduce((best, peak) => peak.peakBytes > best.peakBytes ? peak : best);
    return {
      ...highest, stateBytes: totalBytes(placement.stateBytes()),
      storedBytes: Math.max(...peaks.map(({ storedPeak }) => storedPeak === undefined ? 0 : sumBytes(storedPeak) - storedPeak.workspace)),
    };
  } finally {
    stepper.dispose();
    ledger.stop();
    dataset.close();
  }
}

/** Those with the slices that need the most by one count or another; of batches that are all alike the first. */
function largest(batches: Iterable<ExampleBatch>, varies: boolean, microbatch: number | null): ExampleBatch[] {
  const most = measures.map(() => ({ size: -1, batch: undefined as ExampleBatch | undefined }));
  for (const batch of batches) {
    const slices = slicesOf(batch, microbatch ?? batch.examples);
    measures.forEach((measure, at) => {
      const size = Math.max(...slices.map(measure));
      if (size > most[at]!.size) most[at] = { size, batch };
    });
    if (!varies) break;
  }
  return [...new Set(most.map(({ batch }) => batch!))];
}

/** All numbers, those of the labels, lengths squared, and the length. */
const measures: readonly ((shapes: readonly (readonly number[])[]) => number)[] = [
  shapes => shapes.reduce((sum, shape) => sum + product(shape), 0), shapes => product(shapes.at(-1)!),
  shapes => shapes.slice(0, -1).reduce((sum, shape) => sum + product(shape) ** 2 / (shape[0] ?? 1), 0), shapes => Math.max(...shapes.map(([, length = 1]) => length)),
];

function product(shape: readonly number[]): number {
  return shape.reduce((result, length) => result * length, 1);
}

/** By slice the shapes of its tensors. */
function slicesOf(batch: ExampleBatch, size: number): number[][][] {
  const { examples } = batch;
  return Array.from({ length: Math.ceil(examples / size) }, (_, slice) => {
    const { inputs, labels } = batch.make(slice * size, Math.min(examples, (slice + 1) * size));
    const tensors = [...inputs, labels];
    const shapes = tensors.map(({ shape }) => shape);
    for (const tensor of tensors) tensor.dispose();
    return shapes;
  });
}
