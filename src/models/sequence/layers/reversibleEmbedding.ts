/**
 * A tf.layers.Layer with one table [tokens, width] and two uses. Applied to token numbers [batch, length] it looks up their rows,
 * times `scale`; applied to vectors [batch, ..., width] it multiplies them with the table transposed: logits [..., tokens]. A layer
 * that is used both ways ties them, and its gradient is the sum of both.
 */
import { serialization, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '../../layersModel/layersInternals';
import type { Step } from '../../layersModel/step';
import { embedding, rowsOf } from '../../operations/embedding';
import { fitOf, reversedEmbedding } from '../../operations/reversedEmbedding';
import { built, checkCount, firstShape, listOf, readInitializer, weightedStep, writeInitializer, type Initializer, type InitializerOption, type Shape, type Tensors } from './layerParts';

export interface ReversibleEmbeddingConfig {
  readonly name?: string;
  readonly trainable?: boolean;
  /** How many rows there are. */
  readonly tokens: number;
  readonly width: number;
  /** Of the rows that are looked up; default 1. */
  readonly scale?: number;
  /** Default: Glorot's, uniform. */
  readonly embeddingsInitializer?: InitializerOption;
}

export class ReversibleEmbedding extends layers.Layer {
  static readonly className = 'ReversibleEmbedding';
  override supportsMasking = true;
  private readonly tokens: number;
  private readonly width: number;
  private readonly scale: number;
  private readonly initializer: Initializer;
  private embeddings: ReturnType<layers.Layer['addWeight']> | undefined;

  constructor({ tokens, width, scale = 1, embeddingsInitializer, ...rest }: ReversibleEmbeddingConfig) {
    super(rest);
    checkCount(this.name, 'tokens', tokens);
    checkCount(this.name, 'width', width);
    this.tokens = tokens;
    this.width = width;
    this.scale = scale;
    this.initializer = readInitializer(embeddingsInitializer);
  }

  override build(): void {
    this.embeddings = this.addWeight('embeddings', [this.tokens, this.width], 'float32', this.initializer);
    this.built = true;
  }

  override call(inputs: Tensors): Tensor {
    return tidy(() => {
      const x = listOf(inputs)[0] as Tensor;
      const table = built(this.name, this.embeddings).read();
      return this.isLookup(x) ? rowsOf(table, x, this.scale) : fitOf(x, table);
    });
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    const shape = firstShape(shapes);
    return this.isLookup({ shape }) ? [...shape, this.width] : [...shape.slice(0, -1), this.tokens];
  }

  explicitSteps([x]: readonly SymbolicTensor[]): readonly Step[] {
    const isLookup = x !== undefined && this.isLookup(x);
    return [weightedStep(built(this.name, this.embeddings), () => (isLookup ? embedding(this.scale) : reversedEmbedding()))];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), tokens: this.tokens, width: this.width, scale: this.scale, embeddingsInitializer: writeInitializer(this.initializer) };
  }

  /** By the number of dimensions: a layer is not told the types of its inputs beforehand. */
  private isLookup({ shape }: { readonly shape: readonly unknown[] }): boolean {
    return shape.length <= 2;
  }
}

serialization.registerClass(ReversibleEmbedding);
