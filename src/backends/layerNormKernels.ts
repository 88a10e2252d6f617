/**
 * Layer normalisation over the last dimension (arXiv 1607.06450), and its gradient: x^ = (x - mean) / sqrt(variance + epsilon) row by row,
 * y = gamma x^ + beta. With d = dy gamma: dbeta = sum of dy over the rows, dgamma = sum of dy x^,
 * dx = (d - mean of d - x^ mean of (d x^)) / sqrt(variance + epsilon), means by row. Nothing but x is kept: mean and variance come from it again.
 *
 * A backend may register a kernel for either, under the names below; where it has none, the same is composed of the engine's operations.
 * x, y, dy, dx [..., features]; gamma, beta, dgamma, dbeta [features]. Bytes: the results; composed, a few tensors of x's size besides.
 */
import { add, mean, mul, rsqrt, squaredDifference, sub, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { ownKernel } from './ownKernel';

/** Inputs x, gamma?, beta?; attribute epsilon; output y. */
export const layerNormName = 'LayerNorm';
/** Inputs dy, x, gamma?; attribute epsilon; outputs [dx, dgamma, dbeta]. */
export const layerNormGradientName = 'LayerNormGradient';

export function layerNorm(x: Tensor, gamma: Tensor | undefined, beta: Tensor | undefined, epsilon: number): Tensor {
  return (ownKernel(layerNormName, { x, gamma, beta }, { epsilon }) as Tensor | undefined) ?? tidy(() => {
    const scaled = tidy(() => {
      const { normalized } = normalize(x, epsilon);
      return gamma === undefined ? normalized : mul(normalized, gamma);
    });
    return beta === undefined ? scaled : add(scaled, beta);
  });
}

export interface LayerNormGradients {
  readonly dx: Tensor;
  readonly dGamma: Tensor;
  readonly dBeta: Tensor;
}

export function layerNormGradient(dy: Tensor, x: Tensor, gamma: Tensor | undefined, epsilon: number): LayerNormGradients {
  const own = ownKernel(layerNormGradientName, { dy, x, gamma }, { epsilon }) as Tensor[] | undefined;
  const [dx, dGamma, dBeta] = (own ?? tidy(() => composed(dy, x, gamma, epsilon))) as [Tensor, Tensor, Tensor];
  return { dx, dGamma, dBeta };
}

function composed(dy: Tensor, x: Tensor, gamma: Tensor | undefined, epsilon: number): Tensor[] {
  const { normalized, inverse } = normalize(x, epsilon);
  const rows = x.shape.slice(0, -1).map((_, axis) => axis);
  const dGamma = tidy(() => sum(mul(dy, normalized), rows));
  const dx = tidy(() => {
    const d = gamma === undefined ? dy : mul(dy, gamma);
    const share = tidy(() => mean(mul(d, normalized), -1, true));
    const centred = tidy(() => sub(d, mean(d, -1, true)));
    return mul(tidy(() => sub(centred, mul(normalized, share))), inverse);
  });
  return [dx, dGamma, sum(dy, rows)];
}

function normalize(x: Tensor, epsilon: number): { readonly normalized: Tensor; readonly inverse: Tensor } {
  return tidy(() => {
    const middle = mean(x, -1, true);
    const inverse = tidy(() => rsqrt(add(mean(squaredDifference(x, middle), -1, true), epsilon)));
    return { normalized: tidy(() => mul(sub(x, middle), inverse)), inverse };
  });
}
