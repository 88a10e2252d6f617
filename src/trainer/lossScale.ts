/**
 * Dynamic loss scaling (arXiv 1710.03740, section 3.2): the loss is multiplied by S, so that small gradients do not vanish in two bytes,
 * and gradients are divided by S before the update. A step whose gradient is not finite is skipped and halves S; a number of good
 * steps in a row doubles it.
 *
 * The floor is 1: a gradient that overflows unscaled is not scaling's doing, and the step fails.
 */
import * as z from 'zod';
import type { Settings } from '../settings/knobs';
import type { LossScaling } from './stepper';

/** Saved and restored with a run. */
export const savedLossScale = z.object({ scale: z.number().min(1), goodSteps: z.int().min(0), skipped: z.int().min(0) });
export type SavedLossScale = z.infer<typeof savedLossScale>;

/** The largest power of two below what doubling would make infinite in float32. */
const largestScale = 2 ** 126;

export class LossScale implements LossScaling {
  private state: SavedLossScale;

  constructor(private readonly settings: Pick<Settings, 'lossScale' | 'lossScaleGrowthInterval'>) {
    this.state = { scale: settings.lossScale, goodSteps: 0, skipped: 0 };
  }

  /** For the next step. */
  get scale(): number {
    return this.state.scale;
  }

  /** Steps skipped so far. */
  get skipped(): number {
    return this.state.skipped;
  }

  note(isSkipped: boolean): void {
    const { scale, goodSteps, skipped } = this.state;
    if (isSkipped) this.state = { scale: Math.max(1, scale / 2), goodSteps: 0, skipped: skipped + 1 };
    else if (goodSteps + 1 < this.settings.lossScaleGrowthInterval) this.state = { scale, goodSteps: goodSteps + 1, skipped };
    else this.state = { scale: Math.min(largestScale, 2 * scale), goodSteps: 0, skipped };
  }

  save(): SavedLossScale {
    return { ...this.state };
  }

  restore(saved: SavedLossScale): void {
    this.state = { ...saved };
  }
}
