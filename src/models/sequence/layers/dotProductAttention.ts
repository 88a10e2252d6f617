/**
 * Scaled dot-product attention of several heads as a tf.layers.Layer without weights, applied to [queries, keys, values] or
 * [queries, keys, values, mask of keys]: [batch, length, width], twice [batch, keys, width], and [batch, keys], 0 where a key is padding.
 */
import { serialization, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '../../layersModel/layersInternals';
import type { Step } from '../../layersModel/step';
import { attend, dotProductAttention } from '../../operations/dotProductAttention';
import { checkCount, checkRate, firstShape, isTraining, listOf, plainStep, widthOf, type Shape, type Tensors } from './layerParts';

export interface DotProductAttentionConfig {
  readonly name?: string;
  /** Groups of channels that attend each by itself; they must divide the width. */
  readonly heads: number;
  /** Whether a query sees no key after its own position; default false. */
  readonly causal?: boolean;
  /** The share of probabilities that training drops; default 0. */
  readonly dropout?: number;
}

export class DotProductAttention extends layers.Layer {
  static readonly className = 'DotProductAttention';
  override supportsMasking = true;
  private readonly heads: number;
  private readonly causal: boolean;
  private readonly dropout: number;

  constructor({ heads, causal = false, dropout = 0, ...rest }: DotProductAttentionConfig) {
    super(rest);
    checkCount(this.name, 'heads', heads);
    checkRate(this.name, 'dropout', dropout);
    this.heads = heads;
    this.causal = causal;
    this.dropout = dropout;
  }

  override build(shapes: Shape | Shape[]): void {
    if (!Array.isArray(shapes[0]) || shapes.length < 3 || shapes.length > 4) throw new Error(`The layer ${this.name} is applied to [queries, keys, values] or [queries, keys, values, mask of keys].`);
    const widths = (shapes.slice(0, 3) as Shape[]).map(shape => widthOf(this.name, shape, this.heads));
    if (new Set(widths).size > 1) throw new Error(`The layer ${this.name} takes queries, keys and values of one width; they have ${widths.join(', ')}.`);
    this.built = true;
  }

  override call(inputs: Tensors, options: { readonly training?: boolean } = {}): Tensor {
    return tidy(() => {
      const [queries, keys, values, mask] = listOf(inputs) as [Tensor, Tensor, Tensor, Tensor | undefined];
      return attend(queries, keys, values, mask, { heads: this.heads, causal: this.causal, dropout: isTraining(options) ? this.dropout : 0, seed: undefined });
    });
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    return firstShape(shapes);
  }

  explicitSteps(inputs: readonly SymbolicTensor[]): readonly Step[] {
    const { heads, causal, dropout } = this;
    return [plainStep(dotProductAttention({ heads, causal, dropout, isMasked: inputs.length > 3 }))];
  }

  override getConfig(): serialization.ConfigDict {
    const { heads, causal, dropout } = this;
    return { ...super.getConfig(), heads, causal, dropout };
  }
}

serialization.registerClass(DotProductAttention);
