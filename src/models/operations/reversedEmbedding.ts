/**
 * How well a vector fits each row of a table: y [..., rows] = x table^T, with x [..., width] and table [rows, width]; where the table is
 * that of the embedding, tied logits (arXiv 1608.05859). Kept: x where the table is trained. dx = dy table; dtable = dy^T x, over all vectors.
 */
import { matMul, reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import { asRows } from './asRows';
import { present, type WeightedOperation } from './onWeights';

/** Weights: the table. */
export function reversedEmbedding(): WeightedOperation {
  return {
    weights: 1,
    keeps: ([isTrained]) => ({ inputs: isTrained === true ? [0] : [], output: false, extras: false }),
    forward: ([x], [table]) => ({ output: fitOf(present(x), present(table)) }),
    backward(outputGradient, kept, [table], wanted) {
      const dy = asRows(outputGradient);
      return {
        inputs: [wanted.inputs[0] === true ? reshape(matMul(dy, present(table) as Tensor2D), [...present(kept.inputShapes[0])]) : undefined],
        weights: [wanted.weights[0] === true ? matMul(dy, asRows(present(kept.inputs[0])), true, false) : undefined],
      };
    },
    flops: ([input = []], output) => 2 * sizeOf(output) * (input.at(-1) ?? 0),
  };
}

export function fitOf(x: Tensor, table: Tensor): Tensor {
  return reshape(matMul(asRows(x), table as Tensor2D, false, true), [...x.shape.slice(0, -1), present(table.shape[0])]);
}
