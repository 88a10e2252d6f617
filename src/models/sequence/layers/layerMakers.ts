/** The layers of sequences as own modules make them, in the manner of tf.layers: a function of each one's configuration. */
import { DotProductAttention, type DotProductAttentionConfig } from './dotProductAttention';
import { DynamicConvolution } from './dynamicConvolution';
import { FirstPosition } from './firstPosition';
import { LearnedPositions, type LearnedPositionsConfig } from './learnedPositions';
import { LightweightConvolution } from './lightweightConvolution';
import { PaddingMask } from './paddingMask';
import { ReversibleEmbedding, type ReversibleEmbeddingConfig } from './reversibleEmbedding';
import type { SequenceConvolutionConfig } from './sequenceConvolutionLayer';
import { SinusoidalPositions } from './sinusoidalPositions';

type Named = { readonly name?: string };

export const layerMakers = {
  dotProductAttention: (config: DotProductAttentionConfig) => new DotProductAttention(config),
  dynamicConvolution: (config: SequenceConvolutionConfig) => new DynamicConvolution(config),
  firstPosition: (config: Named = {}) => new FirstPosition(config),
  learnedPositions: (config: LearnedPositionsConfig) => new LearnedPositions(config),
  lightweightConvolution: (config: SequenceConvolutionConfig) => new LightweightConvolution(config),
  paddingMask: (config: Named = {}) => new PaddingMask(config),
  reversibleEmbedding: (config: ReversibleEmbeddingConfig) => new ReversibleEmbedding(config),
  sinusoidalPositions: (config: Named = {}) => new SinusoidalPositions(config),
};
