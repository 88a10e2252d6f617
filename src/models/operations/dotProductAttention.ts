/**
 * Scaled dot-product attention of several heads (arXiv 1706.03762, section 3.2): for each example and head, with d = channels / heads,
 *
 *   P = softmax over the keys of (Q K^T / sqrt(d) + bias),   Y = Dropout(P) V
 *
 * with Q and Y [length, d], K and V [keys, d]; the bias is -1e9 where a key is padding or, if causal, later than the query, so that its
 * probability is 0. Where all keys are, it is the same for each: no NaN. Given dY, with D the mask of the dropout:
 * dV = (D P)^T dY;  dP = D (dY V^T);  dS = P (dP - sum over the keys of P dP);  dQ = dS K / sqrt(d);  dK = dS^T Q / sqrt(d).
 *
 * Kept: the inputs, 4 (2 length + 2 keys) channels bytes an example, and no matrix of length x keys: P is computed again in the backward
 * pass, D follows from the pass's seed. Bytes while it runs: 4 batch heads length keys a few times, and its operands ordered by head.
 */
import { add, cast, greater, matMul, mul, range, reshape, softmax, sub, tidy, transpose, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf, type Operation } from '../model';
import { thinned } from './dropout';
import { present } from './onWeights';
import { softmaxGradient } from './softmaxGradient';

export interface DotProductAttentionOptions {
  readonly heads: number;
  readonly causal: boolean;
  /** The share of probabilities that training drops. */
  readonly dropout: number;
  /** Whether there is a fourth input, [batch, keys], 0 where a key is padding. */
  readonly isMasked: boolean;
}

/** Inputs: queries [batch, length, channels], keys and values [batch, keys, channels]. */
export function dotProductAttention({ heads, causal, dropout, isMasked }: DotProductAttentionOptions): Operation {
  return {
    keeps: { inputs: isMasked ? [0, 1, 2, 3] : [0, 1, 2], output: false, extras: false },
    forward: ([queries, keys, values, mask], _, pass) => ({
      output: attend(present(queries), present(keys), present(values), mask, { heads, causal, dropout: pass.training ? dropout : 0, seed: pass.seed }),
    }),
    backward(outputGradient, { inputs: [queries, keys, values, mask], seed }, _, wanted) {
      const [q, k, v, dy] = [queries, keys, values, outputGradient].map(each => byHeads(present(each), heads)) as [Tensor, Tensor, Tensor, Tensor];
      const p = probabilities(q, k, mask, causal);
      const dv = wanted[2] === true ? tidy(() => together(matMul(thinned(p, dropout, seed), dy, true, false))) : undefined;
      if (wanted[0] !== true && wanted[1] !== true) return { inputs: [undefined, undefined, dv, ...isMasked ? [undefined] : []], parameters: [] };
      const ds = tidy(() => mul(softmaxGradient(thinned(matMul(dy, v, false, true), dropout, seed), p), scaleOf(q)));
      return {
        inputs: [
          wanted[0] === true ? tidy(() => together(matMul(ds, k))) : undefined,
          wanted[1] === true ? tidy(() => together(matMul(ds, q, true, false))) : undefined,
          dv, ...isMasked ? [undefined] : [],
        ],
        parameters: [],
      };
    },
    flops: ([q = [], k = []]) => sizeOf(q) * (k[1] ?? 0) * 4 + 5 * sizeOf(q.slice(0, 2)) * heads * (k[1] ?? 0),
  };
}

export interface Attending {
  readonly heads: number;
  readonly causal: boolean;
  readonly dropout: number;
  readonly seed: number | undefined;
}

/** [batch, length, channels]. */
export function attend(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | undefined, { heads, causal, dropout, seed }: Attending): Tensor {
  return tidy(() => {
    const p = probabilities(byHeads(queries, heads), byHeads(keys, heads), mask, causal);
    return together(matMul(thinned(p, dropout, seed), byHeads(values, heads)));
  });
}

/** [batch, heads, length, keys]. */
function probabilities(q: Tensor, k: Tensor, mask: Tensor | undefined, causal: boolean): Tensor {
  return tidy(() => {
    const scores = mul(matMul(q, k, false, true), scaleOf(q));
    const [batch = 0, , length = 0, keys = 0] = scores.shape;
    const seen = mask === undefined ? scores : add(scores, reshape(mul(sub(mask, 1), -forbidden), [batch, 1, 1, keys]));
    return softmax(causal ? add(seen, mul(cast(greater(range(0, keys, 1, 'float32'), reshape(range(0, length, 1, 'float32'), [length, 1])), 'float32'), forbidden)) : seen);
  });
}

/** No score is so low, and no sum of two such is infinite. */
const forbidden = -1e9;

function scaleOf({ shape }: Tensor): number {
  return 1 / Math.sqrt(present(shape.at(-1)));
}

/** [batch, length, channels] as [batch, heads, length, channels / heads]. */
function byHeads(x: Tensor, heads: number): Tensor {
  const [batch = 0, length = 0, channels = 0] = x.shape;
  return transpose(reshape(x, [batch, length, heads, channels / heads]), [0, 2, 1, 3]);
}

function together(x: Tensor): Tensor {
  const [batch = 0, heads = 0, length = 0, width = 0] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, heads * width]);
}
