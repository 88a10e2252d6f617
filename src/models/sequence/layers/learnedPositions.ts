/** A tf.layers.Layer: x [batch, length, width] plus a vector for each position, of a table [maxLength, width] that is trained. */
import { serialization, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Step } from '../../layersModel/step';
import { learnedPositions, withLearned } from '../../operations/positions';
import { built, checkCount, firstShape, listOf, readInitializer, weightedStep, widthOf, writeInitializer, type Initializer, type InitializerOption, type Shape, type Tensors } from './layerParts';

export interface LearnedPositionsConfig {
  readonly name?: string;
  readonly trainable?: boolean;
  /** The longest sequence that it takes. */
  readonly maxLength: number;
  /** Default: Glorot's, uniform. */
  readonly embeddingsInitializer?: InitializerOption;
}

export class LearnedPositions extends layers.Layer {
  static readonly className = 'LearnedPositions';
  override supportsMasking = true;
  private readonly maxLength: number;
  private readonly initializer: Initializer;
  private embeddings: ReturnType<layers.Layer['addWeight']> | undefined;

  constructor({ maxLength, embeddingsInitializer, ...rest }: LearnedPositionsConfig) {
    super(rest);
    checkCount(this.name, 'maxLength', maxLength);
    this.maxLength = maxLength;
    this.initializer = readInitializer(embeddingsInitializer);
  }

  override build(shape: Shape | Shape[]): void {
    this.embeddings = this.addWeight('embeddings', [this.maxLength, widthOf(this.name, firstShape(shape))], 'float32', this.initializer);
    this.built = true;
  }

  override call(inputs: Tensors): Tensor {
    return tidy(() => withLearned(listOf(inputs)[0] as Tensor, built(this.name, this.embeddings).read()));
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return firstShape(shape);
  }

  explicitSteps(): readonly Step[] {
    return [weightedStep(built(this.name, this.embeddings), learnedPositions)];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), maxLength: this.maxLength, embeddingsInitializer: writeInitializer(this.initializer) };
  }
}

serialization.registerClass(LearnedPositions);
