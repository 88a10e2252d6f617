/**
 * Translator of dynamic convolutions (arXiv 1901.10430) as a tf.LayersModel, in the sizes and arrangement of fairseq's
 * lightconv_iwslt_de_en with dynamic convolutions: from tokens of the source [batch, S] and of the target so far [batch, T] to logits
 * [batch, T, target vocabulary].
 *
 *   encoder layer   convolution to both sides, feed-forward network
 *   decoder layer   causal convolution, attention over the encoder's output, feed-forward network
 *
 * Source, target and output have embeddings of their own, the output's without bias. With w = width, f = feedForward, h heads, k the
 * kernel: an encoder layer has 2 (w^2 + w) + w h k + 2 w f + f + w + 4 w parameters, a decoder layer 4 (w^2 + w) + 2 w more.
 * As published, at vocabularies of 8,848 and 6,632: 15,877,632 + 22,807,552 = 38,685,184.
 *
 * Kept for the backward pass, in numbers: by token of the source 6 w + f + 4 an encoder layer, 2 w a decoder layer, w + 1 besides; by
 * token of the target 10 w + f + 6 a decoder layer, w besides, and the logits with two more. As published: 35,357 and 44,046, which for
 * 4,000 tokens on either side is 1.27 GB.
 */
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ConvolutionStack, type DropoutRates, type StackSizes } from './convolutionStack';
import { PaddingMask } from './layers/paddingMask';
import { SeededInitializers } from './seededInitializers';
import type { SequenceLayersModel } from './sequenceLayersModel';

export interface DynamicConvSizes extends StackSizes {
  /** By layer. */
  readonly encoderKernels: readonly number[];
  readonly decoderKernels: readonly number[];
}

export const publishedSizes: DynamicConvSizes = {
  width: 512, feedForward: 1024, heads: 4, encoderKernels: [3, 7, 15, 31, 31, 31, 31], decoderKernels: [3, 7, 15, 31, 31, 31],
};

/** Learns a hundred pairs by heart in a minute on a CPU. */
export const tinySizes: DynamicConvSizes = { width: 64, feedForward: 128, heads: 4, encoderKernels: [3, 7], decoderKernels: [3, 7] };

export interface TranslatorOptions extends DropoutRates {
  readonly name: string;
  readonly sizes: DynamicConvSizes;
  readonly vocabularies: { readonly source: number; readonly target: number };
  readonly seed: number | null;
}

export function dynamicConv({ name, sizes, vocabularies, seed, ...rates }: TranslatorOptions): SequenceLayersModel {
  const weights = new SeededInitializers(seed);
  const stack = new ConvolutionStack(sizes, rates, weights);
  const source = input({ name: 'source', shape: [null], dtype: 'int32' });
  const target = input({ name: 'target', shape: [null], dtype: 'int32' });
  const mask = new PaddingMask({ name: 'encoder/mask' }).apply(source) as SymbolicTensor;
  const blocks: string[] = [];
  const block = (x: SymbolicTensor, layer: string) => {
    blocks.push(`${layer}/ffn/norm`);
    return stack.feedForward(x, `${layer}/ffn`);
  };
  const encoded = sizes.encoderKernels.reduce((x, kernelSize, index) => {
    const layer = `encoder/layer${index + 1}`;
    return block(stack.convolution(x, `${layer}/conv`, kernelSize, mask), layer);
  }, stack.embedded(source, stack.embedding('encoder/embedding', vocabularies.source)));
  const decoded = sizes.decoderKernels.reduce((x, kernelSize, index) => {
    const layer = `decoder/layer${index + 1}`;
    const convolved = stack.convolution(x, `${layer}/conv`, kernelSize);
    // The first layer waits for the encoder; the others come one after another, each with the keys and values that it alone reads.
    return block(stack.attention(convolved, { values: encoded, mask }, `${layer}/attention`, { memoryFirst: index === 0 }), layer);
  }, stack.embedded(target, stack.embedding('decoder/embedding', vocabularies.target)));
  const output = layers.dense({ name: 'decoder/output', units: vocabularies.target, useBias: false, kernelInitializer: weights.normal(1 / Math.sqrt(sizes.width)) });
  return { model: model({ name, inputs: [source, target], outputs: output.apply(decoded) as SymbolicTensor }), blocks };
}
