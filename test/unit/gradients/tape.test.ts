import assert from 'node:assert/strict';
import {
  add, conv2d, dispose, engine, grads, matMul, maxPool, memory, oneHot, relu, reshape, sum, tensor, tensor1d, tidy, variableGrads, mul,
  losses, variable, type Rank, type Scalar, type Tensor, type Tensor2D, type Tensor4D,
} from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { tapeGradients } from '../../../src/gradients/tape';
import type { Batch } from '../../../src/gradients/gradientSource';
import { Ledger } from '../../../src/memory/ledger';
import { convolution } from '../../../src/models/convolution';
import { dense } from '../../../src/models/dense';
import { flatten } from '../../../src/models/flatten';
import { initialValues } from '../../../src/models/initialize';
import { maxPooling } from '../../../src/models/maxPooling';
import { parametersOf, type Layer, type Model } from '../../../src/models/model';
import { sumBytes } from '../../../src/protocol/samples';
import { assets } from '../../support/assets';
import { assertClose } from '../../support/assertClose';

const backends = ['cpu', 'wasm'] as const;

const perceptron: Model = { name: 'perceptron', inputShape: [6], classes: 3, layers: [dense('a', 6, 8, 'relu'), dense('b', 8, 5, 'relu'), dense('c', 5, 3, 'linear')] };
const convnet: Model = {
  name: 'convnet', inputShape: [8, 8, 1], classes: 3,
  layers: [convolution('a', 1, 3, 3), maxPooling('b', 2), convolution('c', 3, 4, 3), maxPooling('d', 2), flatten('e'), dense('f', 16, 3, 'linear')],
};

/** The same functions out of stock operations, differentiated by TensorFlow.js itself. */
const stock: Record<string, (parameters: Tensor[], input: Tensor) => Tensor> = {
  perceptron: ([w1, b1, w2, b2, w3, b3], x) => {
    const layer = (input: Tensor, w: Tensor, b: Tensor) => add(matMul(input as Tensor2D, w as Tensor2D), b);
    return layer(relu(layer(relu(layer(x, w1!, b1!)), w2!, b2!)), w3!, b3!);
  },
  convnet: ([w1, b1, w2, b2, w3, b3], x) => {
    const layer = (input: Tensor, w: Tensor, b: Tensor) => maxPool(relu(add<Tensor4D>(conv2d<Tensor4D>(input as Tensor4D, w as Tensor4D, 1, 'same'), b)), 2, 2, 'valid');
    return add(matMul(reshape<Rank.R2>(layer(layer(x, w1!, b1!), w2!, b2!), [-1, 16]), w3 as Tensor2D), b3!);
  },
};

function makeBatch(model: Model, examples: number): Batch {
  const size = model.inputShape.reduce((product, length) => product * length, examples);
  return {
    inputs: tensor(Float32Array.from({ length: size }, (_, index) => Math.sin(index * 1.7)), [examples, ...model.inputShape]),
    labels: tensor1d(Int32Array.from({ length: examples }, (_, index) => index % model.classes), 'int32'),
  };
}

function makeParameters(model: Model): Tensor[] {
  const specifications = parametersOf(model);
  return initialValues(specifications, 3).map((values, index) => tensor(values, [...specifications[index]!.shape]));
}

async function run(ledger: Ledger, model: Model, parameters: Tensor[], batch: Batch): Promise<{ loss: number; gradients: Float32Array[]; order: number[] }> {
  const gradients: Float32Array[] = [];
  const order: number[] = [];
  const { loss } = await tapeGradients(ledger)(model, parameters, batch, (parameter, gradient) => {
    gradients[parameter] = Float32Array.from(gradient.dataSync());
    order.push(parameter);
  });
  return { loss, gradients, order };
}

describe('gradients: the tape', () => {
  let ledger: Ledger;
  afterEach(() => { ledger.stop(); });

  for (const name of backends) {
    for (const model of [perceptron, convnet]) {
      it(`${name}, ${model.name}: loss and gradients are those of stock operations; nothing is left behind`, async () => {
        await loadBackend(name, { assets });
        ledger = new Ledger();
        const parameters = makeParameters(model);
        const batch = makeBatch(model, 7);
        const tensorsBefore = memory().numTensors;
        const liveBefore = sumBytes(ledger.live());
        const { loss, gradients, order } = await run(ledger, model, parameters, batch);
        assert.equal(memory().numTensors, tensorsBefore);
        assert.equal(sumBytes(ledger.live()), liveBefore);
        assert.deepEqual([...order].sort(), parameters.map((_, index) => index), 'each gradient is handed over once');

        const stockLoss = (...p: Tensor[]) => losses.softmaxCrossEntropy(oneHot(batch.labels, model.classes), stock[model.name]!(p, batch.inputs));
        const expected = tidy(() => grads(stockLoss)(parameters).map(gradient => Float32Array.from(gradient.dataSync())) as unknown as Tensor[]) as unknown as Float32Array[];
        assertClose([loss], tidy(() => [stockLoss(...parameters).dataSync()[0]!] as unknown as Tensor) as unknown as number[], 1e-5);
        gradients.forEach((gradient, index) => { assertClose(gradient, expected[index]!, 2e-5, `gradient ${index}`); });
        dispose([...parameters, batch.inputs, batch.labels]);
      });
    }
  }

  it('adds up the gradients of a parameter that is used twice, through branches and untouched gradients', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    // Stock operations: y = relu(x W) + x W, whose addition hands one gradient to both branches as it is.
    const branching: Layer = {
      name: 'branching', parameters: [{ name: 'w', shape: [4, 4], deviation: 1 }],
      apply: ([w], x) => {
        const product = matMul(x as Tensor2D, w as Tensor2D);
        return add(relu(product), add(product, matMul(x as Tensor2D, w as Tensor2D)));
      },
    };
    const model: Model = { name: 'branching', inputShape: [4], classes: 3, layers: [branching, dense('out', 4, 3, 'linear')] };
    const parameters = makeParameters(model);
    const batch = makeBatch(model, 5);
    const tensorsBefore = memory().numTensors;
    const { gradients } = await run(ledger, model, parameters, batch);
    assert.equal(memory().numTensors, tensorsBefore);
    const expected = grads((...p: Tensor[]) => losses.softmaxCrossEntropy(oneHot(batch.labels, 3), add(matMul(branching.apply([p[0]!], batch.inputs, true) as Tensor2D, p[1] as Tensor2D), p[2]!)))(parameters);
    gradients.forEach((gradient, index) => { assertClose(gradient, expected[index]!.dataSync(), 1e-5, `gradient ${index}`); });
    dispose([...parameters, ...expected, batch.inputs, batch.labels]);
  });

  it('frees as it goes: its peak is far below that of tf.variableGrads', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const width = 64;
    const model: Model = { name: 'deep', inputShape: [width], classes: width, layers: Array.from({ length: 12 }, (_, index) => dense(`layer${index}`, width, width, index < 11 ? 'relu' : 'linear')) };
    const parameters = makeParameters(model);
    const batch = makeBatch(model, 256);
    const base = sumBytes(ledger.live());
    ledger.takePeak();
    await run(ledger, model, parameters, batch);
    const own = ledger.takePeak().peakBytes - base;

    const variables = parameters.map(parameter => variable(parameter));
    ledger.takePeak();
    const { value, grads: gradients } = variableGrads(() => {
      let activation = batch.inputs;
      for (let layer = 0; layer < 12; layer++) {
        const output = add(matMul(activation as Tensor2D, variables[2 * layer] as unknown as Tensor2D), variables[2 * layer + 1]!);
        activation = layer < 11 ? relu(output) : output;
      }
      return losses.softmaxCrossEntropy<Tensor, Scalar>(oneHot(batch.labels, width), activation);
    });
    const theirs = ledger.takePeak().peakBytes - base;
    assert.ok(own < theirs / 2, `own ${own} bytes, tf.variableGrads ${theirs} bytes`);
    dispose([value, gradients, variables, parameters, batch.inputs, batch.labels]);
  });

  it('leaves nothing behind when a layer or the receiver throws', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const broken: Layer = { name: 'broken', parameters: [], apply: () => { throw new Error('broken layer'); } };
    const parameters = makeParameters(perceptron);
    const batch = makeBatch(perceptron, 4);
    const tensorsBefore = memory().numTensors;
    await assert.rejects(run(ledger, { ...perceptron, layers: [...perceptron.layers, broken] }, parameters, batch), /broken layer/);
    assert.equal(memory().numTensors, tensorsBefore);
    await assert.rejects(tapeGradients(ledger)(perceptron, parameters, batch, () => { throw new Error('full'); }), /full/);
    assert.equal(memory().numTensors, tensorsBefore);
    assert.equal(engine().state.activeTape, null);
    await run(ledger, perceptron, parameters, batch);
    dispose([...parameters, batch.inputs, batch.labels]);
  });

  it('does not walk back from a loss that is not finite', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const parameters = makeParameters(perceptron);
    const batch = makeBatch(perceptron, 4);
    const infinite = { ...batch, inputs: mul(batch.inputs, Number.NaN) };
    const { loss, order } = await run(ledger, perceptron, parameters, infinite);
    assert.ok(Number.isNaN(loss));
    assert.deepEqual(order, []);
    dispose([...parameters, batch.inputs, batch.labels, infinite.inputs, sum(tensor([1]))]);
  });
});
