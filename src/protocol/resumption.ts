/** Whether a run that has ended can go on from a checkpoint; the same answer in the editor, on the command line and in the trainer. */
import type { CheckpointFile } from './checkpointFiles';
import { isOver, type RunState } from './runState';

/**
 * Why it cannot, and what to do about it; undefined where it can. `checkpoints`: newest first, from the one that it shall go on from; `epochs`,
 * where given, takes the place of the run's own.
 */
export function whyNotResumed({ status, settings, started }: Pick<RunState, 'status' | 'settings' | 'started'>, checkpoints: readonly CheckpointFile[], epochs?: number): string | undefined {
  if (!isOver(status)) return `The run is ${status}: its process is still there. Stop it first, or let it go on; where that process is another program by now, remove "pid" from run.json.`;
  const [newest] = checkpoints;
  if (newest === undefined) return `The run has no checkpoint: it ended before it wrote one (checkpointEvery is ${settings.checkpointEvery ?? 'null'}), or its folder "checkpoints" is gone. Start it again.`;
  const { stepsPerEpoch, totalSteps = 0 } = started ?? {};
  if (status === 'completed' && epochs === undefined && newest.step >= totalSteps) {
    return `The run has completed its ${settings.epochs} ${settings.epochs === 1 ? 'epoch' : 'epochs'}. Let it go on for more with efcp train --resume and --epochs ${settings.epochs + 1} or above, or start a new run.`;
  }
  if (epochs !== undefined && stepsPerEpoch !== undefined && epochs * stepsPerEpoch <= newest.step) {
    const done = newest.step / stepsPerEpoch;
    return `epochs is ${epochs}, but the run has already trained for ${Number(done.toFixed(2))} (${newest.step} steps). Give ${Math.floor(done) + 1} or above, or start a new run.`;
  }
  return undefined;
}
