/**
 * The parts of which networks of dynamic convolutions consist (arXiv 1901.10430), in the arrangement of fairseq's lightconv_iwslt_de_en:
 * no gated linear unit, normalisation after each sum, LN(x + dropout(f(x))), where f is one of
 *
 *   convolution    linear2(dynamic convolution(linear1 x)),  both linear maps from width to width
 *   attention      output(attention(query x, key m, value m)) over another sequence m, the same way
 *   feedForward    linear2(relu(linear1 x)), from width to feedForward and back
 *
 * Initial weights as fairseq draws them: linear maps Glorot's, uniform, those of queries, keys and values with a gain of 1 / sqrt 2,
 * those that predict kernels within 1 / sqrt(width) of zero, embeddings N(0, 1 / width) (looked up times sqrt(width)); biases are 0.
 * Positions count from 0, where fairseq's begin at 2.
 */
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { DotProductAttention } from './layers/dotProductAttention';
import { DynamicConvolution } from './layers/dynamicConvolution';
import { ReversibleEmbedding } from './layers/reversibleEmbedding';
import { SinusoidalPositions } from './layers/sinusoidalPositions';
import type { Initializer } from '../undrawn';
import type { SeededInitializers } from './seededInitializers';

export interface StackSizes {
  readonly width: number;
  readonly feedForward: number;
  /** Of convolutions and attention. */
  readonly heads: number;
}

/** Shares that are dropped in training. */
export interface DropoutRates {
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly weightDropout: number;
}

/** Another sequence, and where it has tokens. */
export interface Memory {
  readonly values: SymbolicTensor;
  readonly mask: SymbolicTensor;
}

export class ConvolutionStack {
  constructor(private readonly sizes: StackSizes, private readonly rates: DropoutRates, private readonly weights: SeededInitializers) {}

  embedding(name: string, tokens: number): ReversibleEmbedding {
    const { width } = this.sizes;
    return new ReversibleEmbedding({ name, tokens, width, scale: Math.sqrt(width), embeddingsInitializer: this.weights.normal(1 / Math.sqrt(width)) });
  }

  embedded(tokens: SymbolicTensor, embedding: ReversibleEmbedding): SymbolicTensor {
    const { name } = embedding;
    const placed = new SinusoidalPositions({ name: `${name}/positions` }).apply(embedding.apply(tokens)) as SymbolicTensor;
    return this.dropped(placed, name);
  }

  /** With a mask, reads to both sides, but no padding; without, nothing that comes later. */
  convolution(x: SymbolicTensor, name: string, kernelSize: number, mask?: SymbolicTensor): SymbolicTensor {
    const { sizes: { width, heads }, rates: { weightDropout } } = this;
    const convolution = new DynamicConvolution({ name: `${name}/dynamic`, heads, kernelSize, padding: mask === undefined ? 'causal' : 'same', weightDropout, kernelInitializer: this.weights.fanInUniform() });
    const inner = this.linear(x, `${name}/linear1`, width);
    const convolved = convolution.apply(mask === undefined ? inner : [inner, mask]) as SymbolicTensor;
    return this.normalizedSum(x, this.linear(convolved, `${name}/linear2`, width), name);
  }

  /** `memoryFirst`: whatever makes the memory comes before x in the order of nodes; else after it. */
  attention(x: SymbolicTensor, { values, mask }: Memory, name: string, { memoryFirst }: { readonly memoryFirst: boolean }): SymbolicTensor {
    const { sizes: { width, heads }, rates: { attentionDropout } } = this;
    const projected = (of: SymbolicTensor, what: string) => this.linear(of, `${name}/${what}`, width, this.weights.glorotUniform(Math.SQRT1_2));
    const inputs = [projected(x, 'query'), projected(values, 'key'), projected(values, 'value'), mask];
    const attended = new DotProductAttention({ name: `${name}/dot`, heads, dropout: attentionDropout }).apply(inputs) as SymbolicTensor;
    return this.normalizedSum(x, this.linear(attended, `${name}/output`, width), name, memoryFirst);
  }

  feedForward(x: SymbolicTensor, name: string): SymbolicTensor {
    const { width, feedForward } = this.sizes;
    const inner = layers.activation({ name: `${name}/relu`, activation: 'relu' }).apply(this.linear(x, `${name}/linear1`, feedForward)) as SymbolicTensor;
    return this.normalizedSum(x, this.linear(inner, `${name}/linear2`, width), name);
  }

  private linear(x: SymbolicTensor, name: string, units: number, kernelInitializer: Initializer = this.weights.glorotUniform()): SymbolicTensor {
    return layers.dense({ name, units, kernelInitializer }).apply(x) as SymbolicTensor;
  }

  /** The last input of a layer is the first to be computed: x, unless the branch is to bring along what it reads beside x. */
  private normalizedSum(x: SymbolicTensor, branch: SymbolicTensor, name: string, branchFirst = false): SymbolicTensor {
    const dropped = this.dropped(branch, name);
    const sum = layers.add({ name: `${name}/sum` }).apply(branchFirst ? [x, dropped] : [dropped, x]) as SymbolicTensor;
    return layers.layerNormalization({ name: `${name}/norm`, epsilon: 1e-5 }).apply(sum) as SymbolicTensor;
  }

  private dropped(x: SymbolicTensor, name: string): SymbolicTensor {
    return layers.dropout({ name: `${name}/dropout`, rate: this.rates.dropout }).apply(x) as SymbolicTensor;
  }
}
