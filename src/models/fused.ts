/**
 * Product, bias and activation in one buffer. tf.fused falls back to three buffers while a tape is recorded; inside an
 * operation with its own gradient the fused kernel is safe.
 */
import { engine, reshape, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

/** x [batch, inputs], kernel [inputs, units], bias [units] to [batch, units]. */
export function fusedDense(x: Tensor, kernel: Tensor, bias: Tensor, activation: 'relu' | 'linear'): Tensor {
  // The kernel takes batches of matrices; a batch of one is the same buffer under another shape.
  const a = reshape(x, [1, ...x.shape]);
  const b = reshape(kernel, [1, ...kernel.shape]);
  const output = run('_FusedMatMul', { a, b, bias }, { transposeA: false, transposeB: false, activation });
  return reshape(output, output.shape.slice(1));
}

/** Stride 1, "same" padding: x [batch, height, width, channels], filter [size, size, channels, filters], bias [filters]. */
export function fusedConvolution(x: Tensor, filter: Tensor, bias: Tensor, activation: 'relu' | 'linear'): Tensor {
  return run('FusedConv2D', { x, filter, bias }, { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1], dimRoundingMode: null, activation });
}

function run(kernelName: string, inputs: Record<string, Tensor>, attributes: object): Tensor {
  return engine().runKernel(kernelName, inputs, attributes as NamedAttrMap);
}
