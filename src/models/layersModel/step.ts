/** What a layer becomes on its way into a model: steps on values that have numbers, before their weights have places. */
import type { Operation } from '../model';
import type { WeightedOperation } from '../operations/onWeights';
import type { Layer, LayerVariable, SymbolicTensor } from './layersInternals';

/** An operation with weights, which may take in a ReLU that follows it. */
export interface WeightedStep {
  readonly kind: 'weighted';
  readonly weights: readonly LayerVariable[];
  /** Buffers of its own: moving statistics. */
  readonly statistics: readonly LayerVariable[];
  readonly relu: boolean;
  /** Whether its operation can have a ReLU after it. */
  readonly takesRelu: boolean;
  readonly operation: (relu: boolean) => WeightedOperation;
}

export interface PlainStep {
  readonly kind: 'plain';
  readonly operation: Operation;
  readonly isRelu: boolean;
}

/** Whatever has no operation of its own: run by the layer itself, under TensorFlow.js's tape. */
export interface LayerStep {
  readonly kind: 'layer';
  readonly layer: Layer;
  /** Which of the layer's outputs. */
  readonly output: number;
  /** Without the batch's length; null where a length is not known. */
  readonly inputShapes: readonly (readonly (number | null)[])[];
  /** Whether there is one more input, a mask. */
  readonly isMasked: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

export type Step = WeightedStep | PlainStep | LayerStep;

/** A step in its place: the numbers of the values that it reads and makes. */
export interface PlacedStep {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly output: number;
  readonly step: Step;
  /** "FILE:LINE" of the user's code that made its layer. */
  readonly source?: string;
}

/** A layer, of this program or of its user, that says which operations it is: what follows one another, each on the output of the one before. */
export interface ExplicitLayer {
  /** `inputs`: what it is applied to. The steps have its inputs, in order. */
  explicitSteps(inputs: readonly SymbolicTensor[]): readonly Step[];
}

export function isExplicit(layer: object): layer is ExplicitLayer {
  return 'explicitSteps' in layer && typeof layer.explicitSteps === 'function';
}
