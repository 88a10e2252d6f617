/**
 * Language model of causal dynamic convolutions (arXiv 1901.10430) as a tf.LayersModel: from tokens [batch, T] to logits [batch, T,
 * vocabulary] of the token that follows each. Layers of a convolution and a feed-forward network, as the translator's decoder has
 * them, without an encoder. `tied`: the logits are products with the table that tokens are looked up in; else with one of their own.
 */
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ConvolutionStack, type DropoutRates, type StackSizes } from './convolutionStack';
import { SeededInitializers } from './seededInitializers';
import type { SequenceLayersModel } from './sequenceLayersModel';

export interface LanguageModelSizes extends StackSizes {
  /** By layer. Together they see sum of (kernel - 1) + 1 tokens. */
  readonly kernels: readonly number[];
}

/** Sees 53 tokens. */
export const languageModelSizes: LanguageModelSizes = { width: 128, feedForward: 256, heads: 4, kernels: [3, 7, 15, 31] };

export interface LanguageModelOptions extends Pick<DropoutRates, 'dropout' | 'weightDropout'> {
  readonly name: string;
  readonly sizes: LanguageModelSizes;
  readonly vocabulary: number;
  readonly tied: boolean;
  readonly seed: number | null;
}

export function languageModel({ name, sizes, vocabulary, tied, seed, dropout, weightDropout }: LanguageModelOptions): SequenceLayersModel {
  const weights = new SeededInitializers(seed);
  const stack = new ConvolutionStack(sizes, { dropout, weightDropout, attentionDropout: 0 }, weights);
  const tokens = input({ name: 'tokens', shape: [null], dtype: 'int32' });
  const embedding = stack.embedding('embedding', vocabulary);
  const layerNames = sizes.kernels.map((_, index) => `layer${index + 1}`);
  const last = layerNames.reduce((x, layer, index) => (
    stack.feedForward(stack.convolution(x, `${layer}/conv`, sizes.kernels[index] ?? 1), `${layer}/ffn`)
  ), stack.embedded(tokens, embedding));
  const output = tied ? embedding : layers.dense({ name: 'output', units: vocabulary, useBias: false, kernelInitializer: weights.normal(1 / Math.sqrt(sizes.width)) });
  return { model: model({ name, inputs: tokens, outputs: output.apply(last) as SymbolicTensor }), blocks: layerNames.map(layer => `${layer}/ffn/norm`) };
}
