/** A tf.layers.Layer: the vector at the first position of each sequence, from [batch, length, width] to [batch, width]. */
import { serialization, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Step } from '../../layersModel/step';
import { firstOf, firstPosition } from '../../operations/firstPosition';
import { firstShape, listOf, plainStep, type Shape, type Tensors } from './layerParts';

export class FirstPosition extends layers.Layer {
  static readonly className = 'FirstPosition';

  override call(inputs: Tensors): Tensor {
    return firstOf(listOf(inputs)[0] as Tensor);
  }

  override computeOutputShape(shapes: Shape | Shape[]): Shape {
    const [batch = null, , width = null] = firstShape(shapes);
    return [batch, width];
  }

  explicitSteps(): readonly Step[] {
    return [plainStep(firstPosition())];
  }
}

serialization.registerClass(FirstPosition);
