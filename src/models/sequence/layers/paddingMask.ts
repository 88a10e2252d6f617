/** A tf.layers.Layer: token numbers [batch, length] to a mask [batch, length], float32, 1 where there is a token and 0 where there is padding (token 0). */
import { serialization, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Step } from '../../layersModel/step';
import { maskOf, paddingMask } from '../../operations/paddingMask';
import { firstShape, listOf, plainStep, type Shape, type Tensors } from './layerParts';

export class PaddingMask extends layers.Layer {
  static readonly className = 'PaddingMask';
  override supportsMasking = true;

  override call(inputs: Tensors): Tensor {
    return tidy(() => maskOf(listOf(inputs)[0] as Tensor));
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return firstShape(shape);
  }

  explicitSteps(): readonly Step[] {
    return [plainStep(paddingMask())];
  }
}

serialization.registerClass(PaddingMask);
