/**
 * Lightweight convolution (arXiv 1901.10430) as a tf.layers.Layer, applied to [x] or [x, mask] with x [batch, length, width] and mask
 * [batch, length]: a depthwise convolution whose kernels, one a head, are the softmax of a weight [heads, kernelSize].
 */
import { serialization, softmax, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '../../layersModel/layersInternals';
import type { Step } from '../../layersModel/step';
import { thinned } from '../../operations/dropout';
import { masked } from '../../operations/dynamicConvolution';
import { atAllPositions, lightweightConvolution } from '../../operations/lightweightConvolution';
import { isTraining, listOf, weightedStep, type Tensors } from './layerParts';
import { SequenceConvolutionLayer } from './sequenceConvolutionLayer';

export class LightweightConvolution extends SequenceConvolutionLayer {
  static readonly className = 'LightweightConvolution';

  override call(inputs: Tensors, options: { readonly training?: boolean } = {}): Tensor {
    return tidy(() => {
      const [x, mask] = listOf(inputs);
      const values = masked(x as Tensor, mask);
      const kernels = thinned(softmax(this.weight.read()), isTraining(options) ? this.weightDropout : 0, undefined);
      return this.convolve(values, atAllPositions(kernels, values.shape));
    });
  }

  explicitSteps(inputs: readonly SymbolicTensor[]): readonly Step[] {
    return [weightedStep(this.weight, () => lightweightConvolution(this.options(inputs.length)))];
  }

  protected override kernelShape(): number[] {
    return [this.heads, this.kernelSize];
  }
}

serialization.registerClass(LightweightConvolution);
