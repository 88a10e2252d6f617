/** The words for bytes and phases, shared by the ledger, the run directory and the panel. */

/**
 * Where a live byte belongs. Order is the order of stacking and of tables. `buffers`: what a model remembers from step to step without
 * a gradient, such as the moving statistics of batch normalisation, and weights that are not trained.
 */
export const categories = [
  'parameters', 'gradients', 'optimizerState', 'activations', 'activationGradients', 'buffers', 'data', 'workspace', 'unattributed',
] as const;
export type Category = (typeof categories)[number];

/** Bytes per category; always integers, always all categories. */
export type Bytes = Record<Category, number>;

export const phases = ['forward', 'backward', 'update', 'validation'] as const;
export type Phase = (typeof phases)[number];

export function noBytes(): Bytes {
  return { parameters: 0, gradients: 0, optimizerState: 0, activations: 0, activationGradients: 0, buffers: 0, data: 0, workspace: 0, unattributed: 0 };
}

export function sumBytes(bytes: Readonly<Bytes>): number {
  let sum = 0;
  for (const category of categories) sum += bytes[category];
  return sum;
}

/** What is stored, as papers count it: all but the workspace, which lives no longer than one operation. */
export function storedBytes(bytes: Readonly<Bytes>): number {
  return sumBytes(bytes) - bytes.workspace;
}

/** Of two instants, that at which more was stored. */
export function higherStored(first: Bytes | undefined, second: Bytes | undefined): Bytes | undefined {
  if (first === undefined || second === undefined) return second ?? first;
  return storedBytes(first) > storedBytes(second) ? first : second;
}

/**
 * The three-way view of "Low-Memory Neural Network Training" (arXiv 1904.10631): model, optimizer, activations.
 * Buffers, workspace, data and unattributed bytes stand beside it, never hidden in it.
 */
export function threeWay(bytes: Readonly<Bytes>): { model: number; optimizer: number; activations: number; beside: number } {
  return {
    model: bytes.parameters,
    optimizer: bytes.gradients + bytes.optimizerState,
    activations: bytes.activations + bytes.activationGradients,
    beside: bytes.buffers + bytes.data + bytes.workspace + bytes.unattributed,
  };
}
