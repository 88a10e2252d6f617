/** A tf.layers.Layer: x [batch, length, width] plus the sinusoids of its positions. */
import { serialization, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Step } from '../../layersModel/step';
import { sinusoidalPositions, withSinusoids } from '../../operations/positions';
import { firstShape, listOf, plainStep, widthOf, type Shape, type Tensors } from './layerParts';

export class SinusoidalPositions extends layers.Layer {
  static readonly className = 'SinusoidalPositions';
  override supportsMasking = true;

  override build(shape: Shape | Shape[]): void {
    widthOf(this.name, firstShape(shape));
    this.built = true;
  }

  override call(inputs: Tensors): Tensor {
    return tidy(() => withSinusoids(listOf(inputs)[0] as Tensor));
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return firstShape(shape);
  }

  explicitSteps(): readonly Step[] {
    return [plainStep(sinusoidalPositions())];
  }
}

serialization.registerClass(SinusoidalPositions);
