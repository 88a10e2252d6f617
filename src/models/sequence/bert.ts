/**
 * BERT encoder with a classifier (arXiv 1810.04805; the small sizes: arXiv 1908.08962) as a tf.LayersModel: from tokens and numbers of
 * segments [batch, T] to logits [batch, classes], or to one value each.
 *
 *   x = LN(token + segment + position embedding);  layers x = LN(x + output(attention(x))), x = LN(x + W2 gelu(W1 x));
 *   pooled = tanh(W x_first);  logits = W pooled
 *
 * with dropout on every sum's branch, the embeddings, the attention's probabilities and what is pooled; gelu exact, epsilon 1e-12.
 * Layers are called as in published checkpoints, a slash for each dot. With h = width, f = 4 h, V tokens: embeddings (V + 512 + 2 + 2) h,
 * each layer 4 (h^2 + h) + 2 h f + f + h + 4 h, pooler h^2 + h. At 30,522 tokens, pooler included, classifier not:
 * tiny 4,385,920, mini 11,170,560. Initial weights N(0, 0.02^2), biases 0.
 */
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { DotProductAttention } from './layers/dotProductAttention';
import { FirstPosition } from './layers/firstPosition';
import { LearnedPositions } from './layers/learnedPositions';
import { PaddingMask } from './layers/paddingMask';
import { ReversibleEmbedding } from './layers/reversibleEmbedding';
import { positionsOf } from '../../settings/dataFit';
import { SeededInitializers } from './seededInitializers';
import type { SequenceLayersModel } from './sequenceLayersModel';

export interface BertSizes {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** The longest line. */
  readonly positions: number;
}

export const bertSizes = {
  'bert-tiny': { width: 128, heads: 2, layers: 2, positions: positionsOf.bert },
  'bert-mini': { width: 256, heads: 4, layers: 4, positions: positionsOf.bert },
} as const satisfies Record<string, BertSizes>;

export interface BertOptions {
  readonly name: string;
  readonly sizes: BertSizes;
  readonly vocabulary: number;
  /** Or 1, for a value. */
  readonly classes: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly seed: number | null;
}

const segmentKinds = 2;

export function bert({ name, sizes, vocabulary, classes, seed, ...rates }: BertOptions): SequenceLayersModel {
  const parts = new Encoder(sizes, rates, new SeededInitializers(seed));
  const tokens = input({ name: 'tokens', shape: [null], dtype: 'int32' });
  const segments = input({ name: 'segments', shape: [null], dtype: 'int32' });
  const mask = new PaddingMask({ name: 'mask' }).apply(tokens) as SymbolicTensor;
  const layerNames = Array.from({ length: sizes.layers }, (_, index) => `encoder/layer/${index}`);
  const encoded = layerNames.reduce((x, layer) => parts.feedForward(parts.attention(x, mask, layer), layer), parts.embedded(tokens, segments, vocabulary));
  const first = new FirstPosition({ name: 'pooler/first' }).apply(encoded) as SymbolicTensor;
  const pooled = layers.activation({ name: 'pooler/tanh', activation: 'tanh' }).apply(parts.linear(first, 'pooler/dense', sizes.width)) as SymbolicTensor;
  const logits = parts.linear(parts.dropped(pooled, 'pooler'), 'classifier', classes);
  return { model: model({ name, inputs: [tokens, segments], outputs: logits }), blocks: layerNames.map(layer => `${layer}/output/LayerNorm`) };
}

class Encoder {
  constructor(private readonly sizes: BertSizes, private readonly rates: Pick<BertOptions, 'dropout' | 'attentionDropout'>, private readonly weights: SeededInitializers) {}

  embedded(tokens: SymbolicTensor, segments: SymbolicTensor, vocabulary: number): SymbolicTensor {
    const { width, positions } = this.sizes;
    const table = (name: string, rows: number) => new ReversibleEmbedding({ name: `embeddings/${name}`, tokens: rows, width, embeddingsInitializer: this.weights.normal(0.02) });
    const [ofTokens, ofSegments] = [table('word_embeddings', vocabulary).apply(tokens), table('token_type_embeddings', segmentKinds).apply(segments)] as [SymbolicTensor, SymbolicTensor];
    const sum = layers.add({ name: 'embeddings/sum' }).apply([ofSegments, ofTokens]) as SymbolicTensor;
    const placed = new LearnedPositions({ name: 'embeddings/position_embeddings', maxLength: positions, embeddingsInitializer: this.weights.normal(0.02) }).apply(sum) as SymbolicTensor;
    return this.dropped(this.normalized(placed, 'embeddings'), 'embeddings');
  }

  attention(x: SymbolicTensor, mask: SymbolicTensor, layer: string): SymbolicTensor {
    const { width, heads } = this.sizes;
    const name = `${layer}/attention`;
    const inputs = [...['query', 'key', 'value'].map(what => this.linear(x, `${name}/self/${what}`, width)), mask];
    const attended = new DotProductAttention({ name: `${name}/self`, heads, dropout: this.rates.attentionDropout }).apply(inputs) as SymbolicTensor;
    return this.normalizedSum(x, this.linear(attended, `${name}/output/dense`, width), `${name}/output`);
  }

  feedForward(x: SymbolicTensor, layer: string): SymbolicTensor {
    const { width } = this.sizes;
    const inner = this.linear(x, `${layer}/intermediate/dense`, 4 * width);
    const activated = layers.activation({ name: `${layer}/intermediate/gelu`, activation: 'gelu' }).apply(inner) as SymbolicTensor;
    return this.normalizedSum(x, this.linear(activated, `${layer}/output/dense`, width), `${layer}/output`);
  }

  linear(x: SymbolicTensor, name: string, units: number): SymbolicTensor {
    return layers.dense({ name, units, kernelInitializer: this.weights.normal(0.02) }).apply(x) as SymbolicTensor;
  }

  dropped(x: SymbolicTensor, name: string): SymbolicTensor {
    return layers.dropout({ name: `${name}/dropout`, rate: this.rates.dropout }).apply(x) as SymbolicTensor;
  }

  private normalizedSum(x: SymbolicTensor, branch: SymbolicTensor, name: string): SymbolicTensor {
    return this.normalized(layers.add({ name: `${name}/sum` }).apply([this.dropped(branch, name), x]) as SymbolicTensor, name);
  }

  private normalized(x: SymbolicTensor, name: string): SymbolicTensor {
    return layers.layerNormalization({ name: `${name}/LayerNorm`, epsilon: 1e-12 }).apply(x) as SymbolicTensor;
  }
}
