/** The optimizers by name, and the families that share knobs. */
export const optimizers = [
  'sparse-mfac', 'dense-mfac', 'low-rank-mfac', 'ggt', 'sparse-ggt', 'low-rank-ggt', 'micro-adam',
  'sgd', 'adamw', 'adamw-8bit', 'adafactor', 'muon', 'shampoo', 'soap',
] as const;
export type Optimizer = (typeof optimizers)[number];

export const mfac = ['sparse-mfac', 'dense-mfac', 'low-rank-mfac'] as const;
export const ggt = ['ggt', 'sparse-ggt', 'low-rank-ggt'] as const;
/** Top-K of blocks. */
export const sparse = ['sparse-mfac', 'sparse-ggt', 'micro-adam'] as const;
export const lowRank = ['low-rank-mfac', 'low-rank-ggt'] as const;
export const compressed = [...sparse, ...lowRank] as const;
/** Those that remember gradients row by row. */
export const windowed = [...mfac, ...ggt, 'micro-adam'] as const;
/** Those with moments in the manner of Adam. */
export const adamLike = ['adamw', 'adamw-8bit', 'micro-adam', 'muon', 'soap'] as const;
/** Those that work on the two sides of matrices. */
export const sided = ['shampoo', 'soap'] as const;
/** Those whose state can lie in tensors of a TensorFlow.js backend. */
export const onDevice = ['sgd', 'adamw', 'dense-mfac', 'sparse-mfac', 'ggt', 'sparse-ggt'] as const satisfies readonly Optimizer[];
export type DeviceOptimizerName = (typeof onDevice)[number];
/** Those whose update of an entry reads that entry's gradient and state alone, so that it can be made tensor by tensor, chunk by chunk. */
export const elementwise = ['sgd', 'adamw'] as const satisfies readonly Optimizer[];

export function isAmong<Member extends Optimizer>(family: readonly Member[], optimizer: Optimizer): optimizer is Member {
  return (family as readonly Optimizer[]).includes(optimizer);
}
