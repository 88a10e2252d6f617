/**
 * Dynamic convolution (arXiv 1901.10430) as a tf.layers.Layer, applied to [x] or [x, mask] with x [batch, length, width] and mask
 * [batch, length]: the kernels of each position are predicted from x itself by a weight [width, heads * kernelSize] without bias.
 */
import { serialization, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '../../layersModel/layersInternals';
import type { Step } from '../../layersModel/step';
import { thinned } from '../../operations/dropout';
import { dynamicConvolution, masked, predictedKernels } from '../../operations/dynamicConvolution';
import { isTraining, listOf, weightedStep, type Tensors } from './layerParts';
import { SequenceConvolutionLayer } from './sequenceConvolutionLayer';

export class DynamicConvolution extends SequenceConvolutionLayer {
  static readonly className = 'DynamicConvolution';

  override call(inputs: Tensors, options: { readonly training?: boolean } = {}): Tensor {
    return tidy(() => {
      const [x, mask] = listOf(inputs);
      const values = masked(x as Tensor, mask);
      const kernels = predictedKernels(values, this.weight.read(), this.heads);
      return this.convolve(values, thinned(kernels, isTraining(options) ? this.weightDropout : 0, undefined));
    });
  }

  explicitSteps(inputs: readonly SymbolicTensor[]): readonly Step[] {
    return [weightedStep(this.weight, () => dynamicConvolution(this.options(inputs.length)))];
  }

  protected override kernelShape(width: number): number[] {
    return [width, this.heads * this.kernelSize];
  }
}

serialization.registerClass(DynamicConvolution);
