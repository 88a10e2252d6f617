/** Small models made of the layers of sequences, each with a batch that has padding. */
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { DotProductAttention } from '../../../../../src/models/sequence/layers/dotProductAttention';
import { DynamicConvolution } from '../../../../../src/models/sequence/layers/dynamicConvolution';
import { LearnedPositions } from '../../../../../src/models/sequence/layers/learnedPositions';
import { LightweightConvolution } from '../../../../../src/models/sequence/layers/lightweightConvolution';
import { PaddingMask } from '../../../../../src/models/sequence/layers/paddingMask';
import { ReversibleEmbedding } from '../../../../../src/models/sequence/layers/reversibleEmbedding';
import { SinusoidalPositions } from '../../../../../src/models/sequence/layers/sinusoidalPositions';

export interface Example {
  /** `rate`: of every dropout. */
  readonly make: (rate: number) => LayersModel;
  readonly inputs: () => Tensor[];
  readonly labels: () => Tensor;
}

type Applied = SymbolicTensor | SymbolicTensor[];

const apply = (layer: { apply(inputs: Applied): unknown }, inputs: Applied) => layer.apply(inputs) as SymbolicTensor;
const tokens = (name: string) => input({ shape: [null], dtype: 'int32', name });
const width = 8;

const source = () => tensor([3, 4, 5, 6, 2, 7, 3, 2, 0, 0], [2, 5], 'int32');
const target = () => tensor([2, 3, 4, 5, 2, 6, 0, 0], [2, 4], 'int32');
const next = () => tensor([3, 4, 5, 2, 6, 2, 0, 0], [2, 4], 'int32');

/** x + f(x), normalised, as the layers of a translator are. */
function sublayer(name: string, x: SymbolicTensor, rate: number, body: (x: SymbolicTensor) => SymbolicTensor): SymbolicTensor {
  const made = apply(layers.dropout({ name: `${name}/dropout`, rate }), body(x));
  return apply(layers.layerNormalization({ name: `${name}/norm`, epsilon: 1e-5 }), apply(layers.add({ name: `${name}/sum` }), [made, x]));
}

/** Queries of x, keys and values of what it attends to. A bias of the keys would move all scores of a row alike: its gradient is nothing but rounding. */
function projected(x: SymbolicTensor, attended: SymbolicTensor): SymbolicTensor[] {
  return [x, attended, attended].map((of, index) => apply(layers.dense({ name: `attention/${index}`, units: width, useBias: index !== 1 }), of));
}

export const examples: Readonly<Record<string, Example>> = {
  'a translator of dynamic convolutions with tied output embedding': {
    make: rate => {
      const [read, written] = [tokens('source'), tokens('target')];
      const mask = apply(new PaddingMask({ name: 'mask' }), read);
      const embed = (name: string, of: number) => new ReversibleEmbedding({ name, tokens: of, width, scale: Math.sqrt(width) });
      const encoded = sublayer('encoder', apply(new SinusoidalPositions({ name: 'read/positions' }), apply(embed('read', 8), read)), rate, x => (
        apply(new DynamicConvolution({ name: 'encoder/convolution', heads: 2, kernelSize: 3, padding: 'same', weightDropout: rate }), [x, mask])
      ));
      const tied = embed('written', 7);
      const decoded = sublayer('decoder', apply(new SinusoidalPositions({ name: 'written/positions' }), apply(tied, written)), rate, x => (
        apply(new DynamicConvolution({ name: 'decoder/convolution', heads: 4, kernelSize: 7, padding: 'causal', weightDropout: rate }), x)
      ));
      const attended = sublayer('attention', decoded, rate, x => apply(new DotProductAttention({ name: 'attention/product', heads: 2, dropout: rate }), [...projected(x, encoded), mask]));
      return model({ inputs: [read, written], outputs: apply(tied, attended) });
    },
    inputs: () => [source(), target()], labels: next,
  },
  'a causal language model with learned positions': {
    make: rate => {
      const read = tokens('tokens');
      const x = apply(new LearnedPositions({ name: 'positions', maxLength: 6 }), apply(new ReversibleEmbedding({ name: 'embedded', tokens: 8, width }), read));
      const attended = sublayer('attention', x, rate, each => apply(new DotProductAttention({ name: 'attention/product', heads: 2, causal: true, dropout: rate }), projected(each, each)));
      const wide = sublayer('wide', attended, rate, each => apply(layers.dense({ name: 'wide/down', units: width }), apply(layers.dense({ name: 'wide/up', units: 12, activation: 'gelu' }), each)));
      return model({ inputs: read, outputs: apply(layers.dense({ name: 'logits', units: 8 }), wide) });
    },
    inputs: () => [target()], labels: next,
  },
  'lightweight convolutions, masked and not': {
    make: rate => {
      const read = tokens('tokens');
      const mask = apply(new PaddingMask({ name: 'mask' }), read);
      const x = apply(new ReversibleEmbedding({ name: 'embedded', tokens: 8, width }), read);
      const first = sublayer('first', x, rate, each => apply(new LightweightConvolution({ name: 'first/convolution', heads: 2, kernelSize: 4, padding: 'same', weightDropout: rate }), [each, mask]));
      const second = sublayer('second', first, rate, each => apply(new LightweightConvolution({ name: 'second/convolution', heads: 4, kernelSize: 3, padding: 'causal', weightDropout: rate }), each));
      return model({ inputs: read, outputs: apply(layers.dense({ name: 'logits', units: 8 }), second) });
    },
    inputs: () => [target()], labels: next,
  },
};
