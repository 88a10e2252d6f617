/**
 * Fully connected: y = [ReLU](x W [+ b]), with x [..., inputs], W [inputs, units], b [units]. Kept: x where W is trained and, under
 * ReLU, y, whose sign is its mask: 4 * rows * (inputs + units) bytes, of which x is usually the y of another node.
 * dz = dy * [y > 0]; dW = x^T dz; db = sum over the rows of dz; dx = dz W^T.
 */
import { matMul, reshape, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import { asRows } from './asRows';
import { present, type WeightedOperation } from './onWeights';
import { reluGradient } from './reluGradient';
import { runKernel } from './runKernel';

export interface DenseOptions {
  readonly hasBias: boolean;
  readonly relu: boolean;
}

/** Weights: the kernel W and, with `hasBias`, b. */
export function dense({ hasBias, relu }: DenseOptions): WeightedOperation {
  return {
    weights: hasBias ? 2 : 1,
    keeps: ([isKernelTrained]) => ({ inputs: isKernelTrained === true ? [0] : [], output: relu, extras: false }),
    forward: ([x], [kernel, bias]) => ({ output: multiplied(present(x), present(kernel), hasBias ? bias : undefined, relu) }),
    backward(outputGradient, kept, [kernel], wanted) {
      const dz = asRows(relu ? reluGradient(outputGradient, present(kept.output)) : outputGradient);
      return {
        inputs: [wanted.inputs[0] === true ? reshape(matMul(dz, present(kernel) as Tensor2D, false, true), [...present(kept.inputShapes[0])]) : undefined],
        weights: [
          wanted.weights[0] === true ? matMul(asRows(present(kept.inputs[0])), dz, true, false) : undefined,
          wanted.weights[1] === true ? sum(dz, 0) : undefined,
        ],
      };
    },
    flops: ([input = []], output) => sizeOf(output) * (2 * (input.at(-1) ?? 0) + (hasBias ? 1 : 0) + (relu ? 1 : 0)),
  };
}

/** The fused kernel holds one buffer; it takes batches of matrices, and a batch of one is the same buffer under another shape. */
function multiplied(x: Tensor, kernel: Tensor, bias: Tensor | undefined, relu: boolean): Tensor {
  const a = reshape(x, [1, -1, present(kernel.shape[0])]);
  const b = reshape(kernel, [1, ...kernel.shape]);
  const outputShape = [...x.shape.slice(0, -1), present(kernel.shape[1])];
  const attributes = { transposeA: false, transposeB: false };
  const product = bias !== undefined || relu
    ? runKernel('_FusedMatMul', { a, b, ...(bias === undefined ? {} : { bias }) }, { ...attributes, activation: relu ? 'relu' : 'linear' })
    : runKernel('BatchMatMul', { a, b }, attributes);
  return reshape(product, outputShape);
}
