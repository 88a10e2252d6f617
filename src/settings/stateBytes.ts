/**
 * Bytes of optimizer state, predicted from the settings alone, so that the panel can say what a change will cost before
 * it is made. The optimizers must hold exactly these bytes; a test compares the two for every recipe.
 *
 * With d parameters, window m and k entries kept per row:
 *   sparse-mfac  window m*k*(4 + index), kept row k*(4 + index), residual 4d, gram 8m^2, solver 8m^2 + 16m
 *   dense-mfac   window 4*m*d, gram 8m^2, solver 8m^2 + 16m
 *   adamw        8d                sgd  0
 *   momentum > 0 adds 4d to the first two and to sgd.
 */
import type { Settings } from './knobs';

export const stateParts = ['windowValues', 'windowIndices', 'keptRow', 'residual', 'gram', 'solver', 'velocity', 'firstMoment', 'secondMoment'] as const;
export type StatePart = (typeof stateParts)[number];
export type StateBytes = Partial<Record<StatePart, number>>;

export type StateSettings = Pick<Settings, 'optimizer' | 'density' | 'window' | 'blockSize' | 'momentum' | 'errorFeedback'>;

/** One run of consecutive parameters that Top-K compresses on its own. */
export interface Block {
  /** First parameter of the block. */
  readonly start: number;
  readonly length: number;
  /** Entries kept: ceil(length * density), at least 1. */
  readonly kept: number;
}

/** Cuts a vector of `dimension` entries into blocks; the last may be shorter. A null block size is one global block. */
export function blocksOf(dimension: number, density: number, blockSize: number | null): Block[] {
  const size = Math.min(blockSize ?? dimension, dimension);
  return Array.from({ length: Math.ceil(dimension / size) }, (_, index) => {
    const start = index * size;
    const length = Math.min(size, dimension - start);
    return { start, length, kept: Math.min(length, Math.max(1, Math.ceil(length * density))) };
  });
}

/** Indices are relative to their block: two bytes reach any block of up to 65,536 entries, a longer one needs four. */
export function bytesPerIndex(dimension: number, blockSize: number | null): 2 | 4 {
  return Math.min(blockSize ?? dimension, dimension) <= 65_536 ? 2 : 4;
}

/** Predicted bytes of every part of the optimizer's state for `dimension` parameters. */
export function stateBytes(settings: StateSettings, dimension: number): StateBytes {
  const { optimizer, window, momentum } = settings;
  const velocity = momentum > 0 ? { velocity: 4 * dimension } : {};
  const solve = { gram: 8 * window * window, solver: 8 * window * window + 16 * window };
  switch (optimizer) {
    case 'sgd': return velocity;
    case 'adamw': return { firstMoment: 4 * dimension, secondMoment: 4 * dimension };
    case 'dense-mfac': return { windowValues: 4 * window * dimension, ...solve, ...velocity };
    case 'sparse-mfac': {
      const kept = blocksOf(dimension, settings.density, settings.blockSize).reduce((sum, block) => sum + block.kept, 0);
      const index = bytesPerIndex(dimension, settings.blockSize);
      return {
        windowValues: 4 * window * kept, windowIndices: index * window * kept, keptRow: (4 + index) * kept,
        ...(settings.errorFeedback ? { residual: 4 * dimension } : {}), ...solve, ...velocity,
      };
    }
  }
}

export function totalBytes(parts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(parts).reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}
