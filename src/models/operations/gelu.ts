/**
 * Gaussian error linear unit (arXiv 1606.08415), exact: y = x Phi(x), Phi(x) = (1 + erf(x / sqrt 2)) / 2. Kept: x, since y alone does not
 * tell it. dx = dy (Phi(x) + x phi(x)), phi(x) = exp(-x^2 / 2) / sqrt(2 pi). Composed in the order of TensorFlow.js's own tape, so that
 * on the oracle gradients are its own, bit for bit.
 */
import { add, div, erf, exp, mul, neg, square, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { engine } from '../../backends/engine';
import { ownKernel } from '../../backends/ownKernel';
import { geluGradientName, geluName } from '../../backends/sequenceKernels';
import { sizeOf, type Operation } from '../model';
import { present } from './onWeights';

export function gelu(): Operation {
  return {
    keeps: { inputs: [0], output: false, extras: false },
    forward: ([x]) => ({ output: (ownKernel(geluName, { x }, {}) as Tensor | undefined) ?? tidy(() => mul(present(x), cumulative(present(x)))) }),
    backward(outputGradient, { inputs: [given] }) {
      const x = present(given);
      const own = ownKernel(geluGradientName, { dy: outputGradient, x }, {}) as Tensor | undefined;
      if (own !== undefined) return { inputs: [own], parameters: [] };
      const first = tidy(() => mul(outputGradient, cumulative(x)));
      const second = tidy(() => div(mul(mul(mul(outputGradient, x), 0.5), slope(div(x, Math.SQRT2))), Math.SQRT2));
      return engine().backendName === 'cpu' ? { inputs: [first], further: { inputs: [[second]] }, parameters: [] } : { inputs: [add(first, second)], parameters: [] };
    },
    flops: (_, output) => 5 * sizeOf(output),
  };
}

function cumulative(x: Tensor): Tensor {
  return mul(0.5, add(1, erf(div(x, Math.SQRT2))));
}

/** Of erf. */
function slope(u: Tensor): Tensor {
  return mul(exp(neg(square(u))), 2 / Math.sqrt(Math.PI));
}
