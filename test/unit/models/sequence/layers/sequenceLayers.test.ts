import assert from 'node:assert/strict';
import { dispose, memory, setBackend, type Tensor } from '@tensorflow/tfjs-core';
import { models, type LayersModel } from '@tensorflow/tfjs-layers';
import { loadBackend } from '../../../../../src/backends/loadBackend';
import { fromLayersModel } from '../../../../../src/models/layersModel/fromLayersModel';
import { withSeededRandom } from '../../../../../src/models/layersModel/seededRandom';
import { DotProductAttention } from '../../../../../src/models/sequence/layers/dotProductAttention';
import { DynamicConvolution } from '../../../../../src/models/sequence/layers/dynamicConvolution';
import { LearnedPositions } from '../../../../../src/models/sequence/layers/learnedPositions';
import { ReversibleEmbedding } from '../../../../../src/models/sequence/layers/reversibleEmbedding';
import { softmaxCrossEntropy } from '../../../../../src/models/softmaxCrossEntropy';
import { sumBytes } from '../../../../../src/protocol/samples';
import { assertClose } from '../../../../support/assertClose';
import { assets } from '../../../../support/assets';
import { layersModelGradients } from '../../../../support/layersModelGradients';
import { modelGradients } from '../../../../support/modelGradients';
import { examples, type Example } from './sequenceModels';

const lossOf = (output: Tensor, labels: Tensor) => softmaxCrossEntropy.forward(output, labels).loss;
const translated = (made: LayersModel) => fromLayersModel(made, { loss: softmaxCrossEntropy });

async function withBatch(example: Example, body: (batch: { inputs: Tensor[]; labels: Tensor }) => Promise<void>): Promise<void> {
  const batch = { inputs: example.inputs(), labels: example.labels() };
  await body(batch);
  dispose([...batch.inputs, batch.labels]);
}

for (const backend of ['cpu', 'wasm'] as const) {
  describe(`models: layers of sequences on ${backend}`, () => {
    before(async () => { await loadBackend(backend, { assets }); });
    beforeEach(() => setBackend(backend));

    for (const [name, example] of Object.entries(examples)) {
      it(`${name}: loss and gradients are those of TensorFlow.js's own tape, kept or computed again`, async () => {
        const before = memory().numTensors;
        await withBatch(example, async batch => {
          const made = withSeededRandom(1, () => example.make(0));
          const expected = layersModelGradients(made, batch.inputs, batch.labels, lossOf);
          const model = await translated(made);
          assert.ok(model.nodes.every(({ operation }) => !operation.keeps.extras || operation.keeps.inputs.length === 1), 'no layer runs under the tape');
          const step = await modelGradients(model, batch);
          assertClose([step.loss], [expected.loss], 1e-5, 'loss');
          assert.equal(step.gradients.length, expected.gradients.length);
          step.gradients.forEach((gradient, index) => { assertClose(gradient, expected.gradients[index]!, 2e-4, model.parameters[index]!.name); });
          assert.deepEqual((await modelGradients(model, batch, { recompute: true })).gradients, step.gradients);
        });
        assert.equal(memory().numTensors, before, 'nothing is left behind');
      });

      it(`${name}: dropout is drawn from the seed, the same when a pass is repeated`, async () => {
        await withBatch(example, async batch => {
          const model = await translated(withSeededRandom(1, () => example.make(0.3)));
          const [kept, again, other] = [await modelGradients(model, batch), await modelGradients(model, batch, { recompute: true }), await modelGradients(model, batch, { seed: 2 })];
          assert.deepEqual(again.gradients, kept.gradients);
          assert.equal(again.loss, kept.loss);
          assert.notEqual(other.loss, kept.loss);
        });
      });

      it(`${name}: saved and loaded it is the same model`, async () => {
        const made = withSeededRandom(1, () => example.make(0.3));
        const saved = (each: LayersModel) => JSON.parse(JSON.stringify(each.toJSON(null, false))) as Parameters<typeof models.modelFromJSON>[0];
        const loaded = await models.modelFromJSON(saved(made));
        loaded.setWeights(made.getWeights());
        assert.deepEqual(saved(loaded), saved(made));
        await withBatch(example, batch => {
          const [first, second] = [made, loaded].map(each => each.predict(batch.inputs.length === 1 ? batch.inputs[0]! : batch.inputs) as Tensor);
          assert.deepEqual(second!.dataSync(), first!.dataSync());
          dispose([first!, second!]);
          return Promise.resolve();
        });
        made.dispose();
        loaded.dispose();
      });
    }

    it('activations stored in two bytes give gradients within a hundredth', async () => {
      const example = examples['a translator of dynamic convolutions with tied output embedding']!;
      const batch = { inputs: example.inputs().map(each => each.tile([20, 1])), labels: example.labels().tile([20, 1]) };
      const model = await translated(withSeededRandom(1, () => example.make(0)));
      const [exact, half] = [await modelGradients(model, batch), await modelGradients(model, batch, { half: 'float16' })];
      half.gradients.forEach((gradient, index) => { assertClose(gradient, exact.gradients[index]!, 1e-2, model.parameters[index]!.name); });
      assert.ok(sumBytes(half.kept) < sumBytes(exact.kept));
      assert.ok(half.kept.activations < 0.65 * exact.kept.activations, `${half.kept.activations} of ${exact.kept.activations}`);
      dispose([...batch.inputs, batch.labels]);
    });
  });
}

describe('models: layers of sequences refuse', () => {
  const shapes = (shape: (number | null)[]) => [null, null, ...shape];
  it('options and shapes that do not fit, by name', () => {
    assert.throws(() => new DynamicConvolution({ name: 'conv', heads: 3, kernelSize: 3, padding: 'same' }).build(shapes([8])), /The layer conv has 3 heads, which do not divide the width 8/);
    assert.throws(() => new DynamicConvolution({ name: 'conv', heads: 2, kernelSize: 0, padding: 'same' }), /kernelSize 0; it takes a whole number from 1 on/);
    assert.throws(() => new DynamicConvolution({ name: 'conv', heads: 2, kernelSize: 3, padding: 'same', weightDropout: 1 }), /weightDropout 1; it takes a number from 0 to less than 1/);
    assert.throws(() => new DotProductAttention({ name: 'attention', heads: 2 }).build(shapes([8])), /\[queries, keys, values\] or/);
    assert.throws(() => new DotProductAttention({ name: 'attention', heads: 2 }).build([shapes([8]), shapes([8]), shapes([4])]), /one width; they have 8, 8, 4/);
    assert.throws(() => new LearnedPositions({ name: 'positions', maxLength: 4 }).build([null, 8]), /takes sequences of vectors \[batch, length, width\]; it was applied to the shape \[any, 8\]/);
    assert.throws(() => new ReversibleEmbedding({ name: 'embed', tokens: 2, width: 2, embeddingsInitializer: { className: 'Nothing', config: {} } }), /no initializer Nothing/);
  });
});
