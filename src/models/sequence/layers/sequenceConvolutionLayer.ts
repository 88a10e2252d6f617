/** What lightweight and dynamic convolution have in common as tf.layers.Layers: options, shapes and configuration. */
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { convolveSequence, leftTaps, type SequencePadding } from '../../operations/sequenceConvolution';
import { tapConvolution } from '../../operations/tapConvolution';
import { built, checkCount, checkRate, firstShape, readInitializer, widthOf, writeInitializer, type Initializer, type InitializerOption, type Shape } from './layerParts';

export interface SequenceConvolutionConfig {
  readonly name?: string;
  readonly trainable?: boolean;
  /** Groups of channels with a kernel each; they must divide the width. */
  readonly heads: number;
  readonly kernelSize: number;
  /** 'causal' reads nothing after the position itself. */
  readonly padding: SequencePadding;
  /** The share of the kernels' entries that training drops; default 0. */
  readonly weightDropout?: number;
  /** Default: Glorot's, uniform. */
  readonly kernelInitializer?: InitializerOption;
}

export abstract class SequenceConvolutionLayer extends layers.Layer {
  override supportsMasking = true;
  protected readonly heads: number;
  protected readonly kernelSize: number;
  protected readonly padding: SequencePadding;
  protected readonly weightDropout: number;
  private readonly initializer: Initializer;
  private kernel: ReturnType<layers.Layer['addWeight']> | undefined;

  constructor({ heads, kernelSize, padding, weightDropout = 0, kernelInitializer, ...rest }: SequenceConvolutionConfig) {
    super(rest);
    checkCount(this.name, 'heads', heads);
    checkCount(this.name, 'kernelSize', kernelSize);
    checkRate(this.name, 'weightDropout', weightDropout);
    this.heads = heads;
    this.kernelSize = kernelSize;
    this.padding = padding;
    this.weightDropout = weightDropout;
    this.initializer = readInitializer(kernelInitializer);
  }

  override build(shapes: Shape | Shape[]): void {
    this.kernel = this.addWeight('kernel', this.kernelShape(widthOf(this.name, firstShape(shapes), this.heads)), 'float32', this.initializer);
    this.built = true;
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    return firstShape(shapes);
  }

  override getConfig(): serialization.ConfigDict {
    const { heads, kernelSize, padding, weightDropout } = this;
    return { ...super.getConfig(), heads, kernelSize, padding, weightDropout, kernelInitializer: writeInitializer(this.initializer) };
  }

  protected abstract kernelShape(width: number): number[];

  protected get weight() {
    return built(this.name, this.kernel);
  }

  /** Tap by tap, in operations that TensorFlow.js differentiates itself. */
  protected convolve(x: Tensor, kernels: Tensor): Tensor {
    return convolveSequence(x, kernels, leftTaps(this.kernelSize, this.padding), tapConvolution);
  }

  protected options(inputs: number) {
    const { heads, kernelSize: taps, padding, weightDropout } = this;
    return { heads, taps, padding, weightDropout, isMasked: inputs > 1 };
  }
}
