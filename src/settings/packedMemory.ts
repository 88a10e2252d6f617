/**
 * Settings that have a run's parameters, gradients and optimizer buffers stored in fewer bytes than float32 tensors take, and which
 * optimizers that goes with.
 */
import type { Settings } from './knobs';
import type { Optimizer } from './optimizers';
import type { Problem } from './problem';

export type StoredPrecisionName = 'float32' | 'float16' | 'bfloat16';

export interface PackedMemory {
  /** Of parameters and gradients. */
  readonly parameterPrecision: StoredPrecisionName;
  /** Of the buffers of optimizers that work entry by entry. */
  readonly momentPrecision: StoredPrecisionName;
  /** Parameters in float32 besides, which the steps add up in. */
  readonly masterCopy: boolean;
  /** Fraction of a sparse tensor's weights that is not zero. */
  readonly weightDensity: number;
  /** Steps between two rewirings, the fraction of the run that they go on for, and the fraction of the non-zeros that each shall move. */
  readonly rewireEvery: number;
  readonly rewireUntil: number;
  readonly rewireFraction: number;
  /** A parameter is updated as soon as its gradient is there, and no gradient is stored. */
  readonly fusedUpdate: boolean;
}

export const unpackedMemory: PackedMemory = {
  parameterPrecision: 'float32', momentPrecision: 'float32', masterCopy: false, weightDensity: 1, rewireEvery: 100, rewireUntil: 0.95, rewireFraction: 0.03, fusedUpdate: false,
};

/** Optimizers whose update of an entry depends on that entry alone: it is streamed through small chunks. */
export const streamed = ['sgd', 'adamw'] as const satisfies readonly Optimizer[];
export type StreamedName = (typeof streamed)[number];

export function isStreamed(optimizer: Optimizer): optimizer is StreamedName {
  return (streamed as readonly Optimizer[]).includes(optimizer);
}

/** Optimizers that need the matrices that a tensor's non-zeros no longer are, or blocks of codes that cannot follow a mask. */
export const needsWhole = ['low-rank-mfac', 'low-rank-ggt', 'adafactor', 'muon', 'shampoo', 'soap', 'adamw-8bit'] as const satisfies readonly Optimizer[];

/** Whether anything is stored in another form than float32 tensors. */
export function isPacked({ optimizer, parameterPrecision, momentPrecision, weightDensity, fusedUpdate }: PackedMemory & Pick<Settings, 'optimizer'>): boolean {
  return parameterPrecision !== 'float32' || weightDensity < 1 || fusedUpdate || (momentPrecision !== 'float32' && isStreamed(optimizer));
}

/** A copy in float32 is only held where parameters are something else. */
export function hasMaster({ masterCopy, parameterPrecision }: Pick<PackedMemory, 'masterCopy' | 'parameterPrecision'>): boolean {
  return masterCopy && parameterPrecision !== 'float32';
}

type Wanted = PackedMemory & Pick<Settings, 'optimizer' | 'clipNorm'>;

/** What does not go together; `isScaled` says whether the loss is scaled. */
export function packedProblems({ optimizer, weightDensity, fusedUpdate, clipNorm }: Wanted, isScaled: boolean): Problem[] {
  const problems: Problem[] = [];
  if (weightDensity < 1 && (needsWhole as readonly Optimizer[]).includes(optimizer)) {
    problems.push({ field: 'weightDensity', message: `weightDensity is ${weightDensity}, but ${optimizer} needs whole matrices, not their non-zeros. Set weightDensity to 1, or choose an optimizer other than ${needsWhole.join(', ')}.` });
  }
  if (fusedUpdate) {
    const because = !isStreamed(optimizer) ? `${optimizer} needs all gradients at once. Switch it off, or choose one of ${streamed.join(', ')}.`
      : clipNorm !== null ? `clipNorm is ${clipNorm}, and the norm needs all gradients at once. Switch it off, or set clipNorm to null.`
        : isScaled ? 'the loss is scaled, and a step that overflows could not be taken back. Switch it off, or set lossScaling to "off".' : undefined;
    if (because !== undefined) problems.push({ field: 'fusedUpdate', message: `fusedUpdate is on, but ${because}` });
  }
  return problems;
}
