/** Trains a model for a few steps by the trainer's own parts, and reads what its ledger counted. */
import type { Backend } from '../../backends/backend';
import { scaledFigures } from '../../gradients/recompute/scaledFigures';
import { Ledger } from '../../memory/ledger';
import { namedModel } from '../../models/namedModel';
import type { Settings } from '../../settings/knobs';
import { madeFor, madeUpExamples, type MadeUpExamples } from './madeUpExamples';
import type { MemoryModelName } from './memoryModels';
import type { Measured } from './memoryRow';
import { predictedTotal } from './predictedTotal';
import { setUpTraining, type TrainingSetup } from './trainingSetup';

export async function measureTechnique(name: MemoryModelName, settings: Settings, steps: number, backend: Backend, assets: string): Promise<Measured> {
  const ledger = new Ledger();
  try {
    const model = await namedModel(name, madeFor(name), settings);
    const examples = madeUpExamples(name);
    const setup = setUpTraining(model, settings, backend, ledger, assets, steps + 1);
    const predictedTotalBytes = await ledger.during('workspace', async () => {
      const few = examples(4, settings.seed).make(0, 4);
      const figures = await scaledFigures(model, setup.placement.weights, few, Math.min(settings.microbatch ?? settings.batchSize, settings.batchSize));
      for (const tensor of [...few.inputs, few.labels]) tensor.dispose();
      return predictedTotal(model, settings, figures);
    });
    const measured = await train(setup, examples, settings, steps, backend, ledger);
    setup.stepper.dispose();
    return { ...measured, predictedTotalBytes };
  } finally {
    ledger.stop();
  }
}

async function train({ stepper }: TrainingSetup, examples: MadeUpExamples, { batchSize, seed, fusedUpdate }: Settings, steps: number, backend: Backend, ledger: Ledger): Promise<Omit<Measured, 'predictedTotalBytes'>> {
  const stepsMs: number[] = [];
  const losses: number[] = [];
  let [flops, recomputedFlops]: [number | null, number | null] = [null, null];
  for (let step = 1; step <= steps + 1; step++) {
    const batch = examples(batchSize, seed + step);
    ledger.takePeak();
    const begun = performance.now();
    const result = await stepper.run(batch, step);
    // The first step also sets up what later ones find there.
    if (step > 1) stepsMs.push(performance.now() - begun);
    losses.push(result.loss);
    [flops, recomputedFlops] = [result.flops ?? null, result.recomputedFlops ?? null];
    const failure = backend.failed?.();
    if (failure !== undefined) throw failure;
    if (!Number.isFinite(result.loss)) throw new Error(`the loss of step ${step} is ${result.loss}`);
  }
  const { most: { activations = 0, gradients: arriving = 0, workspace = 0 } = {}, storedPeak: { data = 0, unattributed = 0 } = {} } = ledger.takePeak();
  const { parameters, gradients, optimizerState } = ledger.live();
  return {
    type: 'measured', modelBytes: parameters,
    // Where gradients are stored, the tensor that one arrives in is workspace; where updates are fused, it is all there is of them.
    optimizerBytes: optimizerState + (fusedUpdate ? arriving : gradients),
    activationBytes: activations + data + unattributed,
    workspaceBytes: workspace, flops, recomputedFlops, stepsMs, losses,
  };
}
