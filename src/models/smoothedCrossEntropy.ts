/**
 * Cross-entropy of softmax(logits) against smoothed targets (arXiv 1512.00567, section 7): with z the logits of one prediction, V of them,
 * and s the smoothing, the target is (1 - s) onehot(label) + s / V, so that
 *
 *   loss = lse - (1 - s) z[label] - (s / V) sum of z,  lse = log of the sum of exp(z);   dz = exp(z - lse) - target
 *
 * and the mean over what is predicted: all rows where labels are [batch], and those that are no padding where they are [batch, length].
 * Logits [..., V]. Kept: the logits, which nobody else holds by then, and two numbers a row. Whatever else is as large as the logits is
 * the gradient alone: its rows are made in chunks of a sixteenth at most, whose intermediates die with them, and the logits are disposed of
 * before the chunks are joined. A backend's own kernels need no chunks.
 */
import { add, argMax, cast, clone, concat, div, equal, exp, gather, log, max, maximum, mul, notEqual, oneHot, onesLike, range, reshape, scalar, slice, stack, sub, sum, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Loss } from './model';
import { present } from './operations/onWeights';
import { padding } from './operations/paddingMask';
import { logSumExpName, smoothedGradientName } from '../backends/sequenceKernels';
import { ownKernel } from '../backends/ownKernel';
import { checkLabels } from './softmaxCrossEntropy';

/** Labels [batch] or [batch, length], int32; in the latter 0 is padding. */
export function smoothedCrossEntropy(smoothing: number): Loss {
  if (!(smoothing >= 0 && smoothing < 1)) throw new Error(`Label smoothing is ${smoothing}; it takes a number from 0 to less than 1.`);
  return {
    name: 'smoothed cross-entropy',
    forward(output, labels) {
      checkLabels(output, labels);
      const logits = asRows(output);
      const [predictions, classes] = logits.shape;
      const numbers = flat(labels);
      const counted = labels.rank === 2 ? cast(notEqual(numbers, scalar(padding, 'int32')), 'float32') : onesLike(cast(numbers, 'float32'));
      const count = sum(counted);
      const share = div(counted, maximum(count, 1));
      const lse = logSumExp(logits);
      const ofLabel = gather(reshape(logits, [-1]), add(mul(range(0, predictions, 1, 'int32'), scalar(classes, 'int32')), numbers));
      const losses = sub(sub(lse, mul(ofLabel, 1 - smoothing)), mul(sum(logits, -1), smoothing / classes));
      const correct = sum(mul(cast(equal(argMax(logits, -1), numbers), 'float32'), counted));
      return { loss: sum(mul(losses, share)), extras: [clone(output), lse, share], hits: stack([correct, count]) };
    },
    backward(scale, [output, lse, share], labels) {
      const { shape } = present(output);
      const gradient = smoothedGradient(present(output), present(lse) as Tensor1D, mul(present(share), scale), flat(labels), smoothing);
      return reshape(gradient, shape);
    },
  };
}

/** [rows], of logits [rows, classes]. */
function logSumExp(logits: Tensor2D): Tensor1D {
  const own = ownKernel(logSumExpName, { logits }, {}) as Tensor1D | undefined;
  if (own !== undefined) return own;
  const largest = max(logits, -1, true);
  const sums = chunksOf(logits).map(([from, rows]) => tidy(() => sum(exp(sub(rowsOf(logits, from, rows), rowsOf(largest as Tensor2D, from, rows))), -1)));
  return add(reshape(largest, [-1]), log(concat(sums)));
}

/** share [rows] weighs the rows. Disposes of the output. */
function smoothedGradient(output: Tensor, lse: Tensor1D, share: Tensor1D, labels: Tensor1D, smoothing: number): Tensor {
  const logits = asRows(output);
  const own = ownKernel(smoothedGradientName, { logits, lse, share, labels }, { smoothing }) as Tensor | undefined;
  if (own !== undefined) return own;
  const [, classes] = logits.shape;
  const chunks = chunksOf(logits).map(([from, rows]) => tidy(() => {
    const column = (values: Tensor1D) => reshape(slice(values, from, rows), [rows, 1]);
    const centred = tidy(() => sub(exp(sub(rowsOf(logits, from, rows), column(lse))), smoothing / classes));
    const target = tidy(() => mul(cast(oneHot(slice(labels, from, rows), classes), 'float32'), 1 - smoothing));
    return mul(sub(centred, target), column(share));
  }));
  logits.dispose();
  output.dispose();
  return concat(chunks);
}

/** Numbers of a chunk: 4 MiB, or a sixteenth of all where that is less. */
const mostNumbers = 2 ** 20;

/** Of rows: where each chunk begins, and how many it has. */
function chunksOf({ shape: [rows, classes] }: Tensor2D): (readonly [number, number])[] {
  const height = Math.max(1, Math.min(Math.ceil(rows / 16), Math.floor(mostNumbers / classes)));
  return Array.from({ length: Math.ceil(rows / height) }, (_, chunk) => [chunk * height, Math.min(height, rows - chunk * height)] as const);
}

function rowsOf(values: Tensor2D, from: number, rows: number): Tensor2D {
  return slice(values, [from, 0], [rows, values.shape[1]]);
}

function asRows(logits: Tensor): Tensor2D {
  return reshape(logits, [-1, present(logits.shape.at(-1))]);
}

function flat(labels: Tensor): Tensor1D {
  return reshape(labels.dtype === 'int32' ? labels : cast(labels, 'int32'), [labels.size]);
}
