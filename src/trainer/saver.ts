/**
 * Saves a run between two steps. Nothing changes meanwhile, so parameters and state are written from where they lie, without a
 * copy; training waits, the event loop does not. Where nobody says how often, that is after every epoch, but not oftener than
 * keeps the waiting a small share of all time: what a checkpoint costs grows with the state, and an epoch may be short.
 */
import { viewState } from '../optimizers/savedState';
import { checkpointFile } from '../protocol/checkpointFiles';
import type { ParameterView } from '../optimizers/transformation';
import type { Settings } from '../settings/knobs';
import { totalBytes } from '../settings/stateBytes';
import type { Assembly } from './assemble';
import { encodeCheckpoint, type Checkpoint } from './checkpoint';
import type { CheckpointStore } from './checkpointStore';
import type { TrainingEvent } from './train';

/** Share of all time that training may wait for checkpoints that nobody asked for. */
const mostShare = 0.02;
/** What a disk takes, until a first checkpoint tells. */
const likelyBytesPerMs = 300_000;

export class Saver {
  /** What the newest checkpoint holds. */
  private held: string | undefined;
  /** The newest checkpoint. */
  newest: { readonly step: number; readonly checkpoint: string } | undefined;
  private savedAt: number;
  private costMs: number;

  /** `from`: the checkpoint that the run was restored from. */
  constructor(
    private readonly store: Pick<CheckpointStore, 'write'>, private readonly run: Pick<Assembly, 'model' | 'placement' | 'parameterCount' | 'stepsPerEpoch'>,
    from?: Checkpoint, private readonly now: () => number = () => performance.now(),
  ) {
    this.held = from && nameOf(from.state.step, from.state.settings, from.progress);
    this.newest = from && { step: from.state.step, checkpoint: checkpointFile('', from.state.step).name };
    this.savedAt = now();
    this.costMs = (4 * run.parameterCount + totalBytes(run.placement.stateBytes())) / likelyBytesPerMs;
  }

  /** Whether a checkpoint is to be written after this step, at which the run does not end. */
  isDue(step: number, { checkpointEvery }: Settings): boolean {
    if (this.run.placement.saving === undefined) return false;
    const interval = Math.max(1, Math.round((checkpointEvery ?? 1) * this.run.stepsPerEpoch));
    if (checkpointEvery === 0 || step === 0 || step % interval !== 0) return false;
    return checkpointEvery !== null || this.now() - this.savedAt >= this.costMs / mostShare - this.costMs;
  }

  /** Undefined where the newest checkpoint holds all that already. A failure is told and changes nothing. */
  async save(step: number, settings: Settings, progress: Checkpoint['progress']): Promise<TrainingEvent | undefined> {
    const holds = nameOf(step, settings, progress);
    if (holds === this.held) return undefined;
    const begun = this.now();
    const { model, placement: { saving, weights } } = this.run;
    try {
      if (saving === undefined) throw new Error(`placement is "${settings.placement}", and a state that lies there cannot be saved, so the run cannot be resumed. Set placement to "host" in runs that must.`);
      const state = viewState(saving.state, { settings, tensors: model.parameters }, step);
      const buffers = await Promise.all(model.buffers.map(async ({ name: buffer, shape }, place) => ({ name: buffer, shape, values: await weights.buffers[place]?.data<'float32'>() as Float32Array })));
      const { name, bytes } = await saving.lend(parameters => {
        checkFinite(parameters);
        return this.store.write(step, encodeCheckpoint({ state, parameters, buffers, progress }), progress.alarms?.diverged?.checkpoint);
      });
      this.held = holds;
      this.newest = { step, checkpoint: name };
      this.savedAt = this.now();
      this.costMs = this.savedAt - begun;
      return { type: 'saved', step, checkpoint: name, bytes, ms: this.costMs };
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
