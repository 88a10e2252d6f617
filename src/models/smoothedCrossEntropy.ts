/**
 * Cross-entropy of softmax(logits) against smoothed targets (arXiv 1512.00567, section 7): with z the logits of one prediction, V of them,
 * and s the smoothing, the target is (1 - s) onehot(label) + s / V, so that
 *
 *   loss = lse - (1 - s) z[label] - (s / V) sum of z,  lse = log of the sum of exp(z);   dz = exp(z - lse) - target
 *
 * and the mean over what is predicted: all rows where labels are [batch], and those that are no padding where they are [batch, length].
 * Logits [..., V]. Kept: the logits, which nobody else holds by then, and two numbers a row. Whatever else is as large as the logits is
 * the gradient alone: it is made in chunks along the longest axis, a thirty-second where that is long enough, whose intermediates die with
 * them, and the logits are disposed of before the chunks are joined. A backend's own kernels need no chunks.
 */
import { add, argMax, cast, clone, concat, div, equal, exp, expandDims, gather, log, max, maximum, mul, notEqual, oneHot, onesLike, reshape, scalar, slice, stack, sub, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from './model';
import { present } from './operations/onWeights';
import { padding } from './operations/paddingMask';
import { exponentialSumsName, smoothedGradientName } from '../backends/sequenceKernels';
import { ownKernel } from '../backends/ownKernel';
import { checkLabels } from './softmaxCrossEntropy';

/** Labels [batch] or [batch, length], int32; in the latter 0 is padding. */
export function smoothedCrossEntropy(smoothing: number): Loss {
  if (!(smoothing >= 0 && smoothing < 1)) throw new Error(`Label smoothing is ${smoothing}; it takes a number from 0 to less than 1.`);
  return {
    name: 'smoothed cross-entropy',
    forward(logits, labels) {
      checkLabels(logits, labels);
      const numbers = asNumbers(labels, logits);
      const counted = labels.rank === 2 ? cast(notEqual(numbers, scalar(padding, 'int32')), 'float32') : onesLike(cast(numbers, 'float32'));
      const count = sum(counted);
      const share = div(counted, maximum(count, 1));
      const lse = logSumExp(logits);
      const ofLabel = gather(logits, numbers, numbers.rank, numbers.rank);
      const losses = sub(sub(lse, mul(ofLabel, 1 - smoothing)), mul(sum(logits, -1), smoothing / present(logits.shape.at(-1))));
      const correct = sum(mul(cast(equal(argMax(logits, -1), numbers), 'float32'), counted));
      return { loss: sum(mul(losses, share)), extras: [clone(logits), lse, share], hits: stack([correct, count]) };
    },
    backward(scale, [kept, lse, share], labels) {
      const logits = present(kept);
      const ofRows = { lse: present(lse), share: mul(present(share), scale), labels: asNumbers(labels, logits) };
      return (ownKernel(smoothedGradientName, { logits, ...ofRows }, { smoothing }) as Tensor | undefined) ?? smoothedGradient(logits, ofRows, smoothing);
    },
  };
}

/** [...], of logits [..., classes]. */
function logSumExp(logits: Tensor): Tensor {
  const [largest, sums] = (ownKernel(exponentialSumsName, { logits }, {}) as [Tensor, Tensor] | undefined) ?? exponentialSums(logits);
  return add(largest, log(sums));
}

/** Of each row the largest logit, and the sum of exp(logit - largest). */
function exponentialSums(logits: Tensor): [Tensor, Tensor] {
  const largest = max(logits, -1, true);
  const { axis, chunks } = chunksOf(logits);
  const sums = concat(chunks.map(chunk => tidy(() => sum(exp(sub(cut(logits, axis, chunk), cut(largest, axis, chunk))), -1))), axis);
  return [reshape(largest, sums.shape), sums];
}

interface OfRows {
  readonly lse: Tensor;
  /** What a row weighs. */
  readonly share: Tensor;
  readonly labels: Tensor;
}

/** Disposes of the logits when all that is read of them has been read. */
function smoothedGradient(logits: Tensor, { lse, share, labels }: OfRows, smoothing: number): Tensor {
  const classes = present(logits.shape.at(-1));
  const { axis, chunks } = chunksOf(logits);
  const made = chunks.map(chunk => tidy(() => {
    const [ofLse, ofShare] = [lse, share].map(each => expandDims(cut(each, axis, chunk), -1)) as [Tensor, Tensor];
    const centred = tidy(() => sub(exp(sub(cut(logits, axis, chunk), ofLse)), smoothing / classes));
    const target = tidy(() => mul(cast(oneHot(cut(labels, axis, chunk), classes), 'float32'), 1 - smoothing));
    return mul(sub(centred, target), ofShare);
  }));
  logits.dispose();
  return concat(made, axis);
}

/** Where a chunk begins along its axis, and how long it is. */
type Chunk = readonly [number, number];

/** Numbers of a chunk: 4 MiB, or a thirty-second of all where that is less. */
const mostNumbers = 2 ** 20;

/** Along the longest axis but the classes, since on some backends logits in another shape are another tensor. */
function chunksOf({ shape, size }: Tensor): { readonly axis: number; readonly chunks: readonly Chunk[] } {
  const leading = shape.slice(0, -1);
  const axis = leading.indexOf(Math.max(...leading));
  const length = present(shape[axis]);
  const step = Math.max(1, Math.min(Math.ceil(length / 32), Math.floor(mostNumbers * length / size)));
  return { axis, chunks: Array.from({ length: Math.ceil(length / step) }, (_, chunk) => [chunk * step, Math.min(step, length - chunk * step)] as const) };
}

function cut(values: Tensor, along: number, [begin, length]: Chunk): Tensor {
  return slice(values, values.shape.map((_, axis) => axis === along ? begin : 0), values.shape.map((whole, axis) => axis === along ? length : whole));
}

/** One for each row of the logits. */
function asNumbers(labels: Tensor, { shape }: Tensor): Tensor {
  return reshape(labels.dtype === 'int32' ? labels : cast(labels, 'int32'), shape.slice(0, -1));
}
