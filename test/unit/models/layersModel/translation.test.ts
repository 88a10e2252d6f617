import assert from 'node:assert/strict';
import { dispose, losses, memory, setBackend, tensor, tensor1d, topk, type Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { fromLayersModel } from '../../../../src/models/layersModel/fromLayersModel';
import { softmaxCrossEntropy } from '../../../../src/models/softmaxCrossEntropy';
import { withSeededRandom } from '../../../../src/models/layersModel/seededRandom';
import { assertClose } from '../../../support/assertClose';
import { assets } from '../../../support/assets';
import { layersModelGradients } from '../../../support/layersModelGradients';
import { modelGradients } from '../../../support/modelGradients';
import { numbers } from '../../../support/compareOperation';

type Loss = Parameters<LayersModel['compile']>[0]['loss'];

function compiled(made: LayersModel, loss: Loss = 'meanSquaredError'): LayersModel {
  made.compile({ optimizer: 'sgd', loss });
  return made;
}

class Sorted extends layers.Layer {
  static readonly className = 'Sorted';
  override call(inputs: Tensor | Tensor[]): Tensor {
    return topk(Array.isArray(inputs) ? inputs[0]! : inputs, 2).values;
  }
  override computeOutputShape([batch]: number[]): number[] {
    return [batch!, 2];
  }
}

describe('models: what of a LayersModel becomes what', () => {
  before(async () => {
    await loadBackend('cpu', { assets });
    await setBackend('cpu');
  });

  it('layers are nodes with their names, a ReLU is part of what it follows, and weights keep the order of the model', async () => {
    const image = input({ shape: [4, 4, 1] });
    const convolved = layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3 }).apply(image) as SymbolicTensor;
    const rectified = layers.activation({ name: 'relu', activation: 'relu' }).apply(layers.batchNormalization({ name: 'bn' }).apply(convolved)) as SymbolicTensor;
    const flat = layers.flatten({ name: 'flat' }).apply(rectified) as SymbolicTensor;
    const shared = layers.dense({ name: 'shared', units: 8, activation: 'sigmoid', trainable: false });
    const twice = shared.apply(shared.apply(flat)) as SymbolicTensor;
    const inner = sequential({ name: 'inner', layers: [layers.dense({ name: 'out', units: 3, inputShape: [8] })] });
    const made = await fromLayersModel(compiled(model({ name: 'whole', inputs: image, outputs: inner.apply(twice) as SymbolicTensor })));
    assert.deepEqual(made.nodes.map(({ name }) => name), ['conv', 'bn', 'flat', 'shared', 'shared/activation', 'shared:2', 'shared/activation:2', 'inner/out']);
    assert.deepEqual(made.parameters.map(({ name }) => name), ['conv/kernel', 'conv/bias', 'bn/gamma', 'bn/beta', 'inner/out/kernel', 'inner/out/bias']);
    assert.deepEqual(made.buffers.map(({ name }) => name), ['bn/moving_mean', 'bn/moving_variance', 'shared/kernel', 'shared/bias']);
    assert.deepEqual(made.nodes.map(({ operation: { keeps } }) => [...keeps.inputs, ...(keeps.output ? ['output'] : []), ...(keeps.extras ? ['extras'] : [])]), [
      [0], [0, 'output', 'extras'], [], [], ['output'], [], ['output'], [0],
    ]);
    assert.deepEqual([made.name, made.loss.name, made.inputs], ['whole', 'meanSquaredError', [{ name: image.name, shape: [4, 4, 1], dtype: 'float32' }]]);
  });

  it('a ReLU that is not the only reader stays a node', async () => {
    const x = input({ shape: [4] });
    const y = layers.dense({ name: 'dense', units: 4 }).apply(x) as SymbolicTensor;
    const both = layers.add({ name: 'sum' }).apply([layers.reLU({ name: 'relu' }).apply(y) as SymbolicTensor, y]) as SymbolicTensor;
    const made = await fromLayersModel(compiled(model({ inputs: x, outputs: both })));
    assert.deepEqual(made.nodes.map(({ name }) => name), ['dense', 'relu', 'sum']);
  });

  it('what the tape of a layer saved is kept once: inputs and outputs in their places, weights not at all', async () => {
    const made = await fromLayersModel(compiled(sequential({ layers: [layers.dense({ units: 6, inputShape: [6] }), layers.prelu(), layers.dense({ units: 6, activation: 'softplus' })] })));
    const batch = { inputs: [tensor(Float32Array.from(numbers([5, 6], 1).values), [5, 6])], labels: tensor(Float32Array.from(numbers([5, 6], 2).values), [5, 6]) };
    const { kept } = await modelGradients(made, batch);
    // What the dense layers and Prelu make, the output that the loss reads, and of the loss itself the differences, their squares and five means.
    assert.equal(kept.activations / 4, 6 * 30 + 5);
    dispose([...batch.inputs, batch.labels]);
  });

  it('masks and noise without a seed follow from the pass\'s: the same when computed again, others in another step', async () => {
    const made = await fromLayersModel(compiled(sequential({ layers: [layers.dense({ units: 40, inputShape: [5] }), layers.dropout({ rate: 0.3 }), layers.gaussianNoise({ stddev: 1 }), layers.alphaDropout({ rate: 0.2 }), layers.dense({ units: 1 })] })));
    const batch = { inputs: [tensor(Float32Array.from(numbers([4, 5], 1).values), [4, 5])], labels: tensor(Float32Array.from(numbers([4, 1], 2).values), [4, 1]) };
    const step = await modelGradients(made, batch, { seed: 5 });
    assert.deepEqual((await modelGradients(made, batch, { seed: 5, recompute: true })).gradients, step.gradients);
    assert.notDeepEqual((await modelGradients(made, batch, { seed: 6 })).gradients, step.gradients);
    dispose([...batch.inputs, batch.labels]);
  });

  it('a layer that runs itself takes sequences of any length', async () => {
    const layersModel = withSeededRandom(1, () => compiled(sequential({ layers: [layers.simpleRNN({ units: 2, inputShape: [null, 3] as never, recurrentInitializer: 'glorotNormal' }), layers.dense({ units: 1 })] })));
    const batches = [2, 5].map(length => ({ inputs: [tensor(Float32Array.from(numbers([4, length, 3], length).values), [4, length, 3])], labels: tensor(Float32Array.from(numbers([4, 1], 2).values), [4, 1]) }));
    const expected = batches.map(({ inputs, labels }) => layersModelGradients(layersModel, inputs, labels));
    const made = await fromLayersModel(layersModel);
    for (const [index, batch] of batches.entries()) {
      const { loss, gradients } = await modelGradients(made, batch);
      assertClose([loss], [expected[index]!.loss], 1e-6, 'loss');
      gradients.forEach((gradient, place) => { assertClose(gradient, expected[index]!.gradients[place]!, 1e-5, made.parameters[place]!.name); });
      dispose([...batch.inputs, batch.labels]);
    }
  });

  it('floating-point operations of a layer that runs itself are those of its products', async () => {
    const made = await fromLayersModel(compiled(sequential({ layers: [layers.conv1d({ filters: 3, kernelSize: 2, useBias: false, inputShape: [5, 4] }), layers.flatten()] })));
    assert.equal(made.nodes[0]!.operation.flops!([[7, 5, 4]], [7, 4, 3]), 7 * 2 * (4 * 3) * (2 * 4));
  });

  const refusals: Readonly<Record<string, [() => LayersModel, RegExp]>> = {
    'two outputs': [() => {
      const x = input({ shape: [3] });
      return compiled(model({ inputs: x, outputs: [1, 2].map(units => layers.dense({ units }).apply(x) as SymbolicTensor) }), ['meanSquaredError', 'meanSquaredError']);
    }, /has 2 outputs; a model that is trained here has one/],
    'nothing to train': [() => compiled(sequential({ layers: [layers.dense({ units: 1, inputShape: [3], trainable: false })] })), /has no trainable weights\. Set layer\.trainable = true/],
    'no loss': [() => sequential({ layers: [layers.dense({ units: 1, inputShape: [3] })] }), /was not compiled.*model\.compile/],
    'what a layer remembers between batches': [() => compiled(sequential({ layers: [layers.simpleRNN({ name: 'memory', units: 1, stateful: true, batchInputShape: [2, 4, 3] })] })), /memory is stateful.*stateful: false/],
    'an operation without a gradient': [() => compiled(sequential({ layers: [layers.dense({ units: 4, inputShape: [3] }), new Sorted({ name: 'sorted' })] })), /sorted uses the operation TopK, which has no gradient/],
  };
  for (const [name, [make, expected]] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(async () => fromLayersModel(make()), expected));
  }

  it('says which labels a loss takes', async () => {
    const rows = tensor(Float32Array.from(numbers([4, 3], 1).values), [4, 3]);
    const made = async (loss: Loss | undefined) => {
      const dense = sequential({ layers: [layers.dense({ units: 3, inputShape: [3], activation: 'softmax' })] });
      return loss === undefined ? fromLayersModel(dense, { loss: softmaxCrossEntropy }) : fromLayersModel(compiled(dense, loss));
    };
    const refused = async (loss: Loss | undefined, labels: Tensor, expected: RegExp) => {
      const before = memory().numTensors;
      await assert.rejects(async () => modelGradients(await made(loss), { inputs: [rows], labels }), expected);
      assert.equal(memory().numTensors, before, 'a refused batch leaves tensors behind');
    };
    const classNumbers = tensor1d([0, 1, 2, 0], 'int32');
    await refused('meanSquaredError', classNumbers, /meanSquaredError takes labels of the output's shape \[4, 3\]; they have shape \[4\]/);
    await refused('categoricalCrossentropy', classNumbers, /takes labels of the output's shape/);
    await refused(losses.softmaxCrossEntropy, classNumbers, /takes labels of the output's shape/);
    await refused('sparseCategoricalCrossentropy', rows, /takes one class number for each row of the output, 4 here; the labels have shape \[4, 3\]/);
    await refused(undefined, rows, /cross-entropy takes one class number for each row/);
    dispose([rows, classNumbers]);
  });

  it('counts what is predicted rightly where there is right and wrong', async () => {
    const lossOf = async (loss: Loss, units = 3) => (await fromLayersModel(compiled(sequential({ layers: [layers.dense({ units, inputShape: [3] })] }), loss))).loss;
    const output = [0.1, 0.7, 0.2, 0.5, 0.3, 0.2];
    assert.equal((await lossOf('sparseCategoricalCrossentropy')).countCorrect!(output, [1, 2], 2), 1);
    assert.equal((await lossOf('categoricalCrossentropy')).countCorrect!(output, [0, 1, 0, 1, 0, 0], 2), 2);
    assert.equal((await lossOf('binaryCrossentropy', 1)).countCorrect!([0.2, 0.9, 0.6], [0, 1, 0], 3), 2);
    assert.equal((await lossOf('meanSquaredError')).countCorrect, undefined);
  });
});
