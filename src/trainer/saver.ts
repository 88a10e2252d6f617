/**
 * Saves a run between two steps. Nothing changes meanwhile, so parameters and state are written from where they lie, without a
 * copy; training waits, the event loop does not.
 */
import { parametersOf } from '../models/model';
import { viewState } from '../optimizers/savedState';
import type { ParameterView } from '../optimizers/transformation';
import type { Settings } from '../settings/knobs';
import type { Assembly } from './assemble';
import { encodeCheckpoint, type Checkpoint } from './checkpoint';
import type { CheckpointStore } from './checkpointStore';
import type { TrainingEvent } from './train';

export class Saver {
  /** What the newest checkpoint holds. */
  private held: string | undefined;

  /** `from`: the checkpoint that the run was restored from. */
  constructor(private readonly store: CheckpointStore, private readonly run: Pick<Assembly, 'model' | 'optimizer' | 'stepper' | 'stepsPerEpoch'>, from?: Checkpoint) {
    this.held = from && nameOf(from.state.step, from.state.settings, from.progress);
  }

  /** Whether settings ask for a checkpoint after this step. */
  isDue(step: number, { checkpointEvery }: Settings): boolean {
    return checkpointEvery > 0 && step > 0 && step % Math.max(1, Math.round(checkpointEvery * this.run.stepsPerEpoch)) === 0;
  }

  /** Undefined where the newest checkpoint holds all that already. A failure is told and changes nothing. */
  async save(step: number, settings: Settings, progress: Checkpoint['progress']): Promise<TrainingEvent | undefined> {
    const holds = nameOf(step, settings, progress);
    if (holds === this.held) return undefined;
    const begun = performance.now();
    const { model, optimizer, stepper } = this.run;
    try {
      const state = viewState(optimizer.state, { settings, tensors: parametersOf(model) }, step);
      const { name, bytes } = await stepper.lendParameters(parameters => {
        checkFinite(parameters);
        return this.store.write(step, encodeCheckpoint({ state, parameters, progress }));
      });
      this.held = holds;
      return { type: 'saved', step, checkpoint: name, bytes, ms: performance.now() - begun };
    } catch (error) {
      return { type: 'notSaved', step, message: error instanceof Error ? error.message : String(error) };
    }
  }
}

function nameOf(step: number, { epochs }: Settings, { changes }: Checkpoint['progress']): string {
  return `step ${step} of ${epochs} epochs, ${changes} changes`;
}

/** A step can go too far to the last: its loss was still a number, and what it left is none. */
function checkFinite(parameters: readonly ParameterView[]): void {
  const broken = parameters.find(({ values }) => !values.every(Number.isFinite));
  if (broken !== undefined) throw new Error(`The parameters in ${broken.name} are not all finite numbers: training has diverged. The checkpoints before stay as they are; lower the learning rate.`);
}
