/**
 * Language model: token and position embeddings, blocks of causal self-attention and a two-layer perceptron, each followed by
 * a residual sum and layer normalisation as first published (arXiv 1706.03762), and an output layer of its own. No biases
 * but those of the normalisations. Two layers of width 128 over 256 tokens and 64 positions hold 467,968 parameters.
 */
import {
  add, gather, linalg, losses, matMul, moments, mul, oneHot, ones, relu, reshape, rsqrt, softmax, sub, transpose,
  type Scalar, type Tensor,
} from '@tensorflow/tfjs-core';
import { constant, weights, type BenchModel, type BenchParameter, type Parameters } from './benchModel';
import { tokenData } from './tokenData';

export interface TransformerSizes {
  readonly batch: number;
  readonly length: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly tokens: number;
}

export const fullTransformer: TransformerSizes = { batch: 16, length: 64, width: 128, heads: 4, layers: 2, tokens: 256 };
export const smallTransformer: TransformerSizes = { batch: 3, length: 7, width: 12, heads: 3, layers: 2, tokens: 23 };

export function transformer(sizes: TransformerSizes): BenchModel {
  const { batch, length, width, layers, tokens } = sizes;
  const names = Array.from({ length: layers }, (_, layer) => `layer${layer}`);
  return {
    name: 'transformer',
    learningRate: 0.1,
    parameters: [
      { name: 'tokens', shape: [tokens, width], mean: 0, deviation: 1 }, { name: 'positions', shape: [length, width], mean: 0, deviation: 0.5 },
      ...names.flatMap(name => layerParameters(name, width)), weights('output', [width, tokens], 1),
    ],
    data: random => tokenData(random, batch, length, tokens),
    loss: (parameters, { inputs, labels }) => {
      const embedded = add(gather(parameters('tokens'), inputs), parameters('positions'));
      const mask = futureMask(length);
      const hidden = names.reduce((x, name) => block(parameters, name, x, mask, sizes), embedded);
      const logits = matMul(reshape(hidden, [-1, width]), parameters('output'));
      return losses.softmaxCrossEntropy<Tensor, Scalar>(oneHot(labels, tokens), logits);
    },
  };
}

function layerParameters(name: string, width: number): BenchParameter[] {
  const projections = ['query', 'key', 'value', 'merge'].map(part => weights(`${name}/${part}`, [width, width], 1));
  const normalization = (part: string) => [constant(`${name}/${part}/gamma`, width, 1), constant(`${name}/${part}/beta`, width, 0)];
  return [
    ...projections, ...normalization('afterAttention'),
    weights(`${name}/widen`, [width, 4 * width]), weights(`${name}/narrow`, [4 * width, width], 1), ...normalization('afterPerceptron'),
  ];
}

function block(parameters: Parameters, name: string, x: Tensor, mask: Tensor, sizes: TransformerSizes): Tensor {
  const attended = normalized(parameters, `${name}/afterAttention`, add(x, attention(parameters, name, x, mask, sizes)));
  const inner = relu(product(attended, parameters(`${name}/widen`)));
  return normalized(parameters, `${name}/afterPerceptron`, add(attended, product(inner, parameters(`${name}/narrow`))));
}

/** softmax(Q K^T / sqrt(width of a head), future masked) V for every head, the heads merged. */
function attention(parameters: Parameters, name: string, x: Tensor, mask: Tensor, { batch, length, width, heads }: TransformerSizes): Tensor {
  const inHeads = (part: string) => transpose(reshape(product(x, parameters(`${name}/${part}`)), [batch, length, heads, width / heads]), [0, 2, 1, 3]);
  const scores = mul(matMul(inHeads('query'), inHeads('key'), false, true), Math.sqrt(heads / width));
  const mixed = transpose(matMul(softmax(add(scores, mask)), inHeads('value')), [0, 2, 1, 3]);
  return product(reshape(mixed, [batch, length, width]), parameters(`${name}/merge`));
}

/** 0 where a token may look, -1e9 where it would see the future: [length, length]. */
function futureMask(length: number): Tensor {
  const seen = linalg.bandPart(ones([length, length]), -1, 0);
  return mul(sub(1, seen), -1e9);
}

/** x [batch, length, inputs] times w [inputs, outputs]. */
function product(x: Tensor, w: Tensor): Tensor {
  const [batch = 1, length = 1, inputs = 1] = x.shape;
  return reshape(matMul(reshape(x, [batch * length, inputs]), w), [batch, length, w.shape[1] ?? 1]);
}

/** Layer normalisation over the last axis. */
function normalized(parameters: Parameters, name: string, x: Tensor): Tensor {
  const { mean, variance } = moments(x, -1, true);
  const standard = mul(sub(x, mean), rsqrt(add(variance, 1e-5)));
  return add(mul(standard, parameters(`${name}/gamma`)), parameters(`${name}/beta`));
}
