/**
 * Dynamic loss scaling (arXiv 1710.03740, section 3.2): the loss is multiplied by S, so that small gradients do not vanish in two bytes,
 * and gradients are divided by S before the update. A step whose gradient is not finite is skipped and halves S; a number of good
 * steps in a row doubles it.
 *
 * The floor is 1: a gradient that overflows unscaled is not scaling's doing, and the step fails.
 */
import * as z from 'zod';
import type { PackedMemory } from '../settings/packedMemory';

export interface LossScaleSettings {
  readonly lossScaling: 'auto' | 'off' | 'dynamic';
  /** The scale that a run begins with, and good steps in a row after which it is doubled. */
  readonly lossScale: number;
  readonly lossScaleGrowthInterval: number;
}

/** Saved and restored with a run. */
export const savedLossScale = z.object({ scale: z.number().min(1), goodSteps: z.int().min(0), skipped: z.int().min(0) });
export type SavedLossScale = z.infer<typeof savedLossScale>;

/** The largest power of two below what doubling would make infinite in float32. */
const largestScale = 2 ** 126;

/** "auto" scales where gradients are stored in float16, whose smallest number is 2^-24; bfloat16 reaches as far down as float32. */
export function isScaled({ lossScaling }: Pick<LossScaleSettings, 'lossScaling'>, { parameterPrecision }: Pick<PackedMemory, 'parameterPrecision'>): boolean {
  return lossScaling === 'dynamic' || (lossScaling === 'auto' && parameterPrecision === 'float16');
}

export class LossScale {
  private state: SavedLossScale;

  /** `active`: whether anything is scaled at all. */
  constructor(private readonly settings: LossScaleSettings, private readonly active: boolean) {
    this.state = { scale: active ? settings.lossScale : 1, goodSteps: 0, skipped: 0 };
  }

  /** For the next step. */
  get scale(): number {
    return this.state.scale;
  }

  /** Steps skipped so far. */
  get skipped(): number {
    return this.state.skipped;
  }

  /** What became of a step. */
  note(step: 'good' | 'skipped'): void {
    if (!this.active) return;
    const { scale, goodSteps, skipped } = this.state;
    if (step === 'skipped') this.state = { scale: Math.max(1, scale / 2), goodSteps: 0, skipped: skipped + 1 };
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
