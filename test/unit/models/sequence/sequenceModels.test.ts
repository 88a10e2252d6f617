import assert from 'node:assert/strict';
import { dispose, io, memory, setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { fromLayersModel } from '../../../../src/models/layersModel/fromLayersModel';
import { sizeOf, type Model } from '../../../../src/models/model';
import { dynamicConv } from '../../../../src/models/sequence/dynamicConv';
import { sequenceModel } from '../../../../src/models/sequence/sequenceModel';
import { smoothedCrossEntropy } from '../../../../src/models/smoothedCrossEntropy';
import type { SequenceModel } from '../../../../src/settings/dataFit';
import { assertClose } from '../../../support/assertClose';
import { assets } from '../../../support/assets';
import { layersModelGradients } from '../../../support/layersModelGradients';
import { modelGradients } from '../../../support/modelGradients';
import { outputOf, sentenceBatch } from '../../../support/sequences';
import { smallModel, smallModels } from './smallModels';

const backends = ['cpu', 'wasm'] as const;
const parametersOf = ({ parameters }: Model, prefix = '') => parameters.filter(({ name }) => name.startsWith(prefix)).reduce((total, { shape }) => total + sizeOf(shape), 0);

/** TensorFlow.js's own dispose leaves those of a layer that is used twice. */
function disposeWeights(model: LayersModel): void {
  for (const weight of new Set(model.weights)) weight.dispose();
}

describe('models: the models of sequences', () => {
  before(async () => { for (const name of backends) await loadBackend(name, { assets }); });
  beforeEach(() => setBackend('wasm'));

  it('the translator has the published 38,685,184 parameters at vocabularies of 8,848 and 6,632', async () => {
    const before = memory().numTensors;
    const model = await sequenceModel('dynamicconv', { inputShape: [null], classes: 1, vocabularies: { source: 8848, target: 6632 } }, { seed: 1 });
    assert.equal(memory().numTensors, before, 'the LayersModel leaves no variables behind');
    assert.deepEqual([parametersOf(model), parametersOf(model, 'encoder/'), parametersOf(model, 'decoder/')], [38_685_184, 15_877_632, 22_807_552]);
    assert.equal(4 * parametersOf(model), 154_740_736, '154.74 MB');
    assert.equal(model.blocks?.length, 13);
  }).timeout(60_000);

  const published: Readonly<Partial<Record<SequenceModel, number>>> = { 'bert-tiny': 4_385_920, 'bert-mini': 11_170_560 };
  for (const [name, count] of Object.entries(published) as [SequenceModel, number][]) {
    it(`${name} has the published ${count} parameters, and a classifier`, async () => {
      const model = await sequenceModel(name, { inputShape: [null], classes: 3, vocabularies: { source: 30_522 } }, { seed: 1 });
      assert.equal(parametersOf(model) - parametersOf(model, 'classifier/'), count);
      assert.deepEqual(model.parameters.filter(({ name: own }) => own.startsWith('classifier/')).map(({ shape }) => shape.at(-1)), [3, 3]);
    });
  }

  for (const name of ['dynamicconv-tiny', 'language-model', 'bert-tiny'] as const) {
    it(`${name}: a seed decides its weights; names are unique, and blocks are nodes`, async () => {
      const made = (seed: number) => sequenceModel(name, { inputShape: [null], classes: 2, vocabularies: { source: 50, target: 40 } }, { seed });
      const [model, same, other] = [await made(5), await made(5), await made(6)];
      const values = ({ parameters }: Model) => parameters.map(({ initial }) => [...initial!.slice(0, 20)]);
      assert.deepEqual(values(same), values(model));
      assert.notDeepEqual(values(other), values(model));
      const drawn = values(model).filter(some => new Set(some).size > 1).map(some => some.join());
      assert.equal(new Set(drawn).size, drawn.length, 'no two weights are the same');
      const names = [...model.nodes, ...model.parameters].map(({ name: own }) => own);
      assert.equal(new Set(names).size, names.length);
      assert.ok(model.blocks!.every(block => model.nodes.some(node => node.name === block)));
      assert.deepEqual([model.loss.name, model.inputs.map(({ shape, dtype }) => [shape, dtype])], ['smoothed cross-entropy', model.inputs.map(() => [[null], 'int32'])]);
    });
  }

  it('a language model that is tied has one table less', async () => {
    const [tied, untied] = await Promise.all(['a language model', 'a language model, untied'].map(what => smallModel(smallModels[what]!)));
    assert.equal(parametersOf(untied!) - parametersOf(tied!), 13 * 8);
  });

  it('predict values where the data have no classes', async () => {
    const model = await sequenceModel('bert-tiny', { inputShape: [null], classes: 1, vocabularies: { source: 50 } }, { seed: 1 });
    assert.deepEqual([model.loss.name, model.parameters.at(-1)!.shape], ['mean squared error', [1]]);
  });

  it('the translator runs its encoder before its decoder, and each layer\'s keys and values with it', async () => {
    const { nodes, blocks } = await smallModel(smallModels['a translator']!);
    const names = nodes.map(({ name }) => name);
    const endOfEncoder = names.indexOf('encoder/layer3/ffn/norm');
    assert.ok(names.every((name, index) => name.startsWith('encoder/') === (index <= endOfEncoder)), names.join());
    const layers = names.slice(endOfEncoder + 1).map(name => /layer\d/.exec(name)?.[0]).filter(layer => layer !== undefined);
    assert.deepEqual(layers, layers.toSorted());
    assert.deepEqual(blocks!.map(block => names.indexOf(block)), blocks!.map(block => names.indexOf(block)).toSorted((a, z) => a - z));
  });

  it('the translator keeps for its backward pass, to the byte, what the analysis says', async () => {
    const [width, feedForward, target, examples, sourceLength, targetLength] = [16, 24, 30, 3, 5, 7];
    const kernels = { encoderKernels: [3, 5, 7], decoderKernels: [3, 5] };
    const { model: layersModel } = dynamicConv({ name: 'translator', sizes: { width, feedForward, heads: 4, ...kernels }, vocabularies: { source: 20, target }, seed: 1, dropout: 0.1, attentionDropout: 0.1, weightDropout: 0.1 });
    const model = await fromLayersModel(layersModel, { loss: smoothedCrossEntropy(0.1) });
    const made = (length: number, tokens: number) => tensor(Int32Array.from({ length: examples * length }, (_, index) => 3 + index % (tokens - 3)), [examples, length], 'int32');
    const batch = { inputs: [made(sourceLength, 20), made(targetLength, target)], labels: made(targetLength, target) };
    const { kept } = await modelGradients(model, batch);
    // A token of the source: of each encoder layer six vectors and one of the feed-forward network;
    // the encoder's output and the mask; keys and values of each decoder layer.
    const ofSource = 3 * (6 * width + feedForward) + width + 1 + 2 * 2 * width;
    // A token of the target: of each decoder layer ten vectors and one of the network; the last output; logits, their sum and its share.
    const ofTarget = 2 * (10 * width + feedForward) + width + target + 2;
    assert.equal(kept.activations, 4 * examples * (sourceLength * ofSource + targetLength * ofTarget));
    dispose([...batch.inputs, batch.labels]);
  });

  for (const [what, small] of Object.entries(smallModels)) {
    for (const backend of backends) {
      it(`${what} on ${backend}: loss and gradients are those of tf.variableGrads over the LayersModel`, async () => {
        await setBackend(backend);
        const before = memory().numTensors;
        const batch = sentenceBatch(small.sentences(5)).make(0, 5);
        const { model: layersModel } = small.make();
        const expected = layersModelGradients(layersModel, batch.inputs, batch.labels, small.stockLoss);
        disposeWeights(layersModel);
        const model = await smallModel(small);
        const step = await modelGradients(model, batch);
        assertClose([step.loss], [expected.loss], 1e-5, 'loss');
        const largest = Math.max(...expected.gradients.flatMap(gradient => [...gradient ?? []].map(Math.abs)));
        step.gradients.forEach((gradient, place) => {
          const wanted = expected.gradients[place] ?? new Float32Array(gradient.length);
          gradient.forEach((value, index) => { assert.ok(Math.abs(value - wanted[index]!) <= 2e-5 * largest, `${model.parameters[place]!.name}[${index}] is ${value}, tfjs says ${wanted[index]!}`); });
        });
        assert.deepEqual((await modelGradients(model, batch, { recompute: true })).gradients, step.gradients, 'computed again, the gradients are the same');
        dispose([...batch.inputs, batch.labels]);
        assert.equal(memory().numTensors, before, 'nothing is left behind');
      });
    }

    it(`${what}: padding changes no output`, async () => {
      const model = await smallModel(small);
      const sentences = small.sentences(5);
      const together = sentenceBatch(sentences).make(0, 5);
      const whole = outputOf(model, together.inputs);
      const perExample = sizeOf(whole.shape) / 5;
      sentences.forEach((_, example) => {
        const alone = sentenceBatch(sentences).make(example, example + 1);
        const { values } = outputOf(model, alone.inputs);
        assertClose(values, whole.values.subarray(example * perExample, example * perExample + values.length), 2e-6, `example ${example}`);
        dispose([...alone.inputs, alone.labels]);
      });
      dispose([...together.inputs, together.labels]);
    });

    it(`${what}: saved and loaded by TensorFlow.js it predicts the same, and so does the model made of it`, async () => {
      const { model: layersModel } = small.make(0.1);
      const batch = sentenceBatch(small.sentences(3)).make(0, 3);
      const predicted = (made: typeof layersModel) => {
        const output = made.predict(batch.inputs.length === 1 ? batch.inputs[0]! : [...batch.inputs]) as Tensor;
        const values = Float32Array.from(output.dataSync());
        output.dispose();
        return values;
      };
      const artifacts: io.ModelArtifacts[] = [];
      await layersModel.save(io.withSaveHandler(saved => {
        artifacts.push(saved);
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
      }));
      const loaded = await loadLayersModel(io.fromMemory(artifacts[0]!));
      assert.deepEqual(predicted(loaded), predicted(layersModel));
      assertClose(outputOf(await smallModel(small, 0.1), batch.inputs).values, predicted(layersModel), 1e-5);
      disposeWeights(loaded);
      disposeWeights(layersModel);
      dispose([...batch.inputs, batch.labels]);
    });
  }
});
