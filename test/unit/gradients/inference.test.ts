import assert from 'node:assert/strict';
import { add, expandDims, gather, memory, mul, oneHot, setBackend, sum, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { end } from '../../../src/data/text/text';
import { beamSearch } from '../../../src/decoding/beamSearch';
import { prefixLogits } from '../../../src/decoding/prefixLogits';
import { translate, usualTranslation } from '../../../src/decoding/translate';
import { DenseWeights } from '../../../src/gradients/denseWeights';
import { Inference } from '../../../src/gradients/inference';
import { Ledger } from '../../../src/memory/ledger';
import type { Model, Node } from '../../../src/models/model';
import { softmaxCrossEntropy } from '../../../src/models/softmaxCrossEntropy';
import { assets } from '../../support/assets';

const vocabulary = 7;

/** Scores of what follows: by the last token, by a table; by the source, where each of its tokens speaks for itself; nothing speaks for padding. */
function tinyTranslator(ran: string[]): Model {
  const node = (name: string, inputs: readonly number[], parameters: readonly number[], forward: (inputs: readonly Tensor[], parameters: readonly Tensor[]) => Tensor): Node => ({
    name, inputs, parameters, buffers: [],
    operation: {
      keeps: { inputs: [], output: false, extras: false },
      forward: (given, lent, { training, forgetful }) => {
        assert.deepEqual([training, forgetful], [false, true]);
        ran.push(name);
        return { output: forward(given, lent) };
      },
      backward: () => { throw new Error('Nothing is differentiated.'); },
    },
  });
  return {
    name: 'tiny', buffers: [], penalties: [], loss: softmaxCrossEntropy,
    inputs: [{ name: 'source', shape: [null], dtype: 'int32' }, { name: 'prefix', shape: [null], dtype: 'int32' }],
    parameters: [{ name: 'follows', shape: [vocabulary, vocabulary], deviation: 1 }],
    nodes: [
      // Values 2 to 6.
      node('one-hot', [0], [], ([source]) => oneHot(source as Tensor, vocabulary, 2, 0)),
      node('votes', [2], [], ([each]) => sum(mul(each as Tensor, [0, 1, 1, 1, 1, 1, 1]), 1)),
      node('followers', [1], [0], ([prefix], [table]) => gather(table as Tensor, prefix as Tensor<never>)),
      node('logits', [4, 3], [], ([followers, votes]) => add(followers as Tensor, expandDims(votes as Tensor, 1))),
      node('as they are', [5], [], ([logits]) => logits as Tensor),
    ],
  };
}

describe('gradients: inference', () => {
  let ledger: Ledger;
  let weights: DenseWeights;
  let ran: string[];
  let model: Model;
  before(async () => {
    await loadBackend('wasm', { assets });
    await setBackend('wasm');
  });
  beforeEach(() => {
    ran = [];
    model = tinyTranslator(ran);
    ledger = new Ledger();
    weights = new DenseWeights(ledger, model, 3);
  });
  afterEach(() => {
    weights.dispose();
    ledger.stop();
  });
  const source = () => tensor2d([[3, 4, end], [5, end, 0], [6, 6, end]], undefined, 'int32');
  const prefixes = (rows: number) => tensor2d(Array.from({ length: rows }, (_, row) => [end, 3 + row % 4, 3]), undefined, 'int32');

  it('gives what the whole graph gives, whatever is given once, for any rows of it, and leaves nothing behind', () => {
    const before = memory().numTensors;
    const rows = Int32Array.of(2, 0, 0, 1, 2);
    const whole = tidy(() => {
      const spread = gather(source(), [...rows]);
      const started = new Inference(ledger, model, weights).start([]);
      return [...started.next(rows, [spread, prefixes(5)]).dataSync()];
    });
    const started = new Inference(ledger, model, weights, 1).start([source()]);
    for (const time of ['once', 'again']) {
      const found = tidy(() => [...started.next(rows, [prefixes(5)]).dataSync()]);
      assert.deepEqual(found, whole, time);
    }
    started.dispose();
    assert.equal(memory().numTensors, before);
  });

  it('runs what depends on the source alone once, and keeps of it only what is read later', () => {
    const before = memory().numTensors;
    const started = new Inference(ledger, model, weights, 1).start([source()]);
    assert.deepEqual(ran, ['one-hot', 'votes']);
    assert.equal(memory().numTensors, before + 1, 'the votes alone');
    for (const rows of [Int32Array.of(0, 1, 2), Int32Array.of(0, 1, 2), Int32Array.of(1)]) tidy(() => { started.next(rows, [prefixes(rows.length)]); });
    assert.deepEqual(ran.slice(2), Array.from({ length: 3 }, () => ['followers', 'logits', 'as they are']).flat());
    started.dispose();
    assert.equal(memory().numTensors, before);
  });

  it('leaves nothing behind where an operation fails', () => {
    const before = memory().numTensors;
    const started = new Inference(ledger, model, weights, 1).start([source()]);
    const three = prefixes(3);
    assert.throws(() => started.next(Int32Array.of(0, 1), [three]), /broadcast|shapes/i);
    three.dispose();
    started.dispose();
    assert.equal(memory().numTensors, before);
  });

  it('decodes on a graph what beam search finds on its table', async () => {
    const [table] = weights.parameters.map(parameter => parameter.dataSync());
    const sentences = [[3, 4], [5], [6, 6]];
    const logitsOf = (sentence: number, last: number) => Float32Array.from({ length: vocabulary }, (_, token) => (table![last * vocabulary + token] ?? 0) + 2 * [...sentences[sentence]!, end].filter(own => own === token).length);
    const plain = { logits: (prefix: Int32Array, length: number, numbers: Int32Array) => Promise.resolve(Float32Array.from([...numbers].flatMap((sentence, row) => [...logitsOf(sentence, prefix[(row + 1) * length - 1]!)]))) };
    const settings = { ...usualTranslation, beam: 3, lengthFactor: 2, lengthOffset: 1 };
    const wanted = await beamSearch(plain, sentences.map(({ length }) => 2 * length + 1), settings);
    const before = memory().numTensors;
    const inference = new Inference(ledger, model, weights, 1);
    for (const batchTokens of [1, 18, 4000]) {
      const heard: number[] = [];
      const found = await translate(inference, sentences.map(sentence => Int32Array.from(sentence)), { ...settings, batchTokens }, { done: count => heard.push(count) });
      assert.deepEqual(found.map(each => each.map(({ tokens }) => tokens)), wanted.map(each => each.map(({ tokens }) => tokens)));
      found.forEach((each, sentence) => { each.forEach(({ score }, place) => { assert.ok(Math.abs(score - wanted[sentence]![place]!.score) < 1e-5); }); });
      assert.equal(heard.at(-1), 3);
      assert.equal(heard.length, { 1: 3, 18: 2, 4000: 1 }[batchTokens]);
    }
    assert.equal(memory().numTensors, before);
    const stopped = AbortSignal.abort();
    await assert.rejects(translate(inference, [Int32Array.of(3)], settings, { stop: stopped }), /abort/i);
  });

  it('refuses to decode a model that predicts no tokens', async () => {
    const classifier: Model = { ...model, nodes: model.nodes.slice(0, 2) };
    const started = new Inference(ledger, classifier, weights).start([]);
    await assert.rejects(prefixLogits(started).logits(Int32Array.of(end), 1, Int32Array.of(0)), /must predict a token for every position, but its output has the shape \[1, 7\]/);
  });
});
