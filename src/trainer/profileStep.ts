/** One step of a run that is not kept: trains up to it, records it, and forgets the rest. */
import { setImmediate } from 'node:timers/promises';
import type { Peak } from '../memory/ledger';
import type { StepSnapshot } from '../protocol/snapshot/stepSnapshot';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';
import { assemble, type Assembly } from './assemble';
import type { ExampleBatch } from '../data/batches';
import { recordStep } from './recordStep';

export interface ProfiledStep {
  readonly snapshot: StepSnapshot;
  /** By the ledger, of the same step. */
  readonly peak: Peak;
}

/** `step` counts from 1. */
export async function profileStep(settings: Settings, place: Parameters<typeof assemble>[1], step: number): Promise<ProfiledStep> {
  const run = await assemble(settings, place);
  try {
    if (step > run.totalSteps) throw new InputError([{ field: 'step', message: `step is ${step}, but the run has ${run.totalSteps} steps in all. Choose one of these, or raise epochs.` }]);
    let taken = 0;
    let usualStepMs: number | undefined;
    for (const batch of batchesOf(run, settings)) {
      if (++taken === step) return await recorded(run, settings, batch, step, usualStepMs);
      usualStepMs = await timed(run, settings, batch, taken);
      await setImmediate();
    }
    throw new Error(`The run ended before step ${step}.`);
  } finally {
    run.stepper.dispose();
    run.ledger.stop();
    run.dataset.close();
    await run.team?.close();
  }
}

function* batchesOf({ batches }: Assembly, { epochs }: Settings): Generator<ExampleBatch> {
  for (let epoch = 0; epoch < epochs; epoch++) yield* batches.epoch(epoch, 0);
}

/** Takes a step; milliseconds. */
async function timed({ stepper, placement, backend }: Assembly, settings: Settings, batch: ExampleBatch, step: number): Promise<number> {
  const begun = performance.now();
  const { loss } = await stepper.run(batch, step, placement.watch(settings));
  const failure = backend.failed?.();
  if (failure !== undefined) throw failure;
  if (!Number.isFinite(loss)) throw new Error(`The loss is ${loss} at step ${step}: training has diverged at learningRate ${settings.learningRate}. Lower it, or record an earlier step.`);
  return performance.now() - begun;
}

async function recorded(run: Assembly, settings: Settings, batch: ExampleBatch, step: number, usualStepMs: number | undefined): Promise<ProfiledStep> {
  run.ledger.takePeak();
  const recording = recordStep(run);
  const stepMs = await timed(run, settings, batch, step);
  const make = recording.end();
  const peak = run.ledger.takePeak();
  return { peak, snapshot: make({ step, examples: batch.examples, settings, reason: 'asked', stepMs, ...(usualStepMs === undefined ? {} : { usualStepMs }) }) };
}
