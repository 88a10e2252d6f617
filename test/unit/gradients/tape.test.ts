import assert from 'node:assert/strict';
import {
  add, conv2d, dispose, engine, grads, matMul, maxPool, memory, oneHot, relu, reshape, tidy, variableGrads, mul, step,
  losses, variable, type Rank, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D,
} from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { tapeGradients } from '../../../src/gradients/tape';
import type { Batch } from '../../../src/gradients/gradientSource';
import { lentTensors } from '../../../src/gradients/lentTensors';
import { Ledger } from '../../../src/memory/ledger';
import { convolution, dense, flatten, maxPooling } from '../../../src/models/chainLayers';
import { chain } from '../../../src/models/chain';
import type { Model, Operation } from '../../../src/models/model';
import { sumBytes } from '../../../src/protocol/samples';
import { assets } from '../../support/assets';
import { assertClose } from '../../support/assertClose';
import { madeUpBatch, parameterTensors as makeParameters, sliceResult } from '../../support/modelRun';

const backends = ['cpu', 'wasm'] as const;

const perceptron = chain('perceptron', [6], [dense('a', 6, 8, 'relu'), dense('b', 8, 5, 'relu'), dense('c', 5, 3, 'linear')]);
const convnet = chain('convnet', [8, 8, 1], [
  convolution('a', 1, 3, 3), maxPooling('b', 2), convolution('c', 3, 4, 3), maxPooling('d', 2), flatten('e'), dense('f', 16, 3, 'linear'),
]);

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

/** y = relu(x W) + (x W + x W): a parameter used twice, and an addition that hands one gradient to both branches as it is. */
function branching(width: number): Model {
  const product: Operation = {
    keeps: { inputs: [0], output: false, extras: false },
    forward: ([x], [w]) => ({ output: matMul(x as Tensor2D, w as Tensor2D) }),
    backward: (dy, { inputs: [x] }, [w]) => ({ inputs: [matMul(dy as Tensor2D, w as Tensor2D, false, true)], parameters: [matMul(x as Tensor2D, dy as Tensor2D, true)] }),
    flops: () => 10,
  };
  const sumOfTwo: Operation = { keeps: { inputs: [], output: false, extras: false }, forward: ([a, b]) => ({ output: add(a!, b!) }), backward: dy => ({ inputs: [dy, dy], parameters: [] }) };
  const rectify: Operation = { keeps: { inputs: [], output: true, extras: false }, forward: ([x]) => ({ output: relu(x!) }), backward: (dy, { output }) => ({ inputs: [mul(dy, step(output!))], parameters: [] }) };
  const node = (name: string, inputs: number[], operation: Operation, parameters: number[] = []) => ({ name, inputs, operation, parameters, buffers: [] });
  const last = dense('out', width, 3, 'linear');
  return {
    ...chain('branching', [width], [last]),
    parameters: [{ name: 'w', shape: [width, width], deviation: 1 }, ...last.parameters],
    nodes: [
      node('product', [0], product, [0]), node('relu', [1], rectify), node('again', [0], product, [0]),
      node('inner', [1, 3], sumOfTwo), node('outer', [2, 4], sumOfTwo), node('out', [5], last.operation, [1, 2]),
    ],
  };
}

const classes = 3;
const makeBatch = (model: Model, examples: number) => madeUpBatch(model, examples, classes);
const run = (ledger: Ledger, model: Model, parameters: Tensor[], batch: Batch) => sliceResult(tapeGradients(ledger), model, lentTensors(parameters), batch);
const only = ({ inputs: [input] }: Batch) => input!;
const disposeOf = (batch: Batch) => { dispose([...batch.inputs, batch.labels]); };

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

        const stockLoss = (...p: Tensor[]) => losses.softmaxCrossEntropy(oneHot(batch.labels as Tensor1D, classes), stock[model.name]!(p, only(batch)));
        const expected = tidy(() => grads(stockLoss)(parameters).map(gradient => Float32Array.from(gradient.dataSync())) as unknown as Tensor[]) as unknown as Float32Array[];
        assertClose([loss], tidy(() => [stockLoss(...parameters).dataSync()[0]!] as unknown as Tensor) as unknown as number[], 1e-5);
        gradients.forEach((gradient, index) => { assertClose(gradient, expected[index]!, 2e-5, `gradient ${index}`); });
        dispose(parameters);
        disposeOf(batch);
      });
    }
  }

  it('adds up the gradients of a parameter that is used twice, through branches and untouched gradients', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const model = branching(4);
    const parameters = makeParameters(model);
    const batch = makeBatch(model, 5);
    const tensorsBefore = memory().numTensors;
    const { gradients } = await run(ledger, model, parameters, batch);
    assert.equal(memory().numTensors, tensorsBefore);
    const expected = grads((...[w, kernel, bias]: Tensor[]) => {
      const product = matMul(only(batch) as Tensor2D, w as Tensor2D);
      const both = add(relu(product), add(product, matMul(only(batch) as Tensor2D, w as Tensor2D)));
      return losses.softmaxCrossEntropy(oneHot(batch.labels as Tensor1D, 3), add(matMul(both as Tensor2D, kernel as Tensor2D), bias!));
    })(parameters);
    gradients.forEach((gradient, index) => { assertClose(gradient, expected[index]!.dataSync(), 1e-5, `gradient ${index}`); });
    dispose([...parameters, ...expected]);
    disposeOf(batch);
  });

  it('gives the same bits however the graph is cut and whatever is computed again; nothing is left behind', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const model = branching(6);
    const parameters = makeParameters(model);
    const batch = makeBatch(model, 5);
    const all = model.nodes.length;
    const expected = await run(ledger, model, parameters, batch);
    const tensorsBefore = memory().numTensors;
    const live = ledger.live();
    // Every cut into contiguous segments, each kept or computed again: bits say where a segment ends, and which are computed again.
    for (let ends = 0; ends < 2 ** (all - 1); ends++) {
      const borders = [0, ...Array.from({ length: all - 1 }, (_, node) => node + 1).filter(node => ends & 1 << (node - 1)), all];
      for (const pattern of [0b11111, 0b10101, 0b01010]) {
        const segments = borders.slice(1).map((to, index) => ({ from: borders[index]!, to, recompute: (pattern & 1 << index % 5) !== 0 }));
        const source = tapeGradients(ledger, { segments: () => segments });
        const result = await sliceResult(source, model, lentTensors(parameters), batch);
        assert.equal(result.loss, expected.loss);
        assert.deepEqual(result.gradients, expected.gradients, JSON.stringify(segments));
        assert.equal(memory().numTensors, tensorsBefore);
        assert.deepEqual(ledger.live(), live);
      }
    }
    dispose(parameters);
    disposeOf(batch);
  });

  it('frees as it goes: its peak is far below that of tf.variableGrads', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const width = 64;
    const model = chain('deep', [width], Array.from({ length: 12 }, (_, index) => dense(`layer${index}`, width, width, index < 11 ? 'relu' : 'linear')));
    const parameters = makeParameters(model);
    const batch = madeUpBatch(model, 256, width);
    const base = sumBytes(ledger.live());
    ledger.takePeak();
    await run(ledger, model, parameters, batch);
    const own = ledger.takePeak().peakBytes - base;

    const variables = parameters.map(parameter => variable(parameter));
    ledger.takePeak();
    const { value, grads: gradients } = variableGrads(() => {
      let activation = only(batch);
      for (let layer = 0; layer < 12; layer++) {
        const output = add(matMul(activation as Tensor2D, variables[2 * layer] as unknown as Tensor2D), variables[2 * layer + 1]!);
        activation = layer < 11 ? relu(output) : output;
      }
      return losses.softmaxCrossEntropy<Tensor, Scalar>(oneHot(batch.labels, width), activation);
    });
    const theirs = ledger.takePeak().peakBytes - base;
    assert.ok(own < theirs / 2, `own ${own} bytes, tf.variableGrads ${theirs} bytes`);
    dispose([value, gradients, variables, parameters]);
    disposeOf(batch);
  });

  it('leaves nothing behind when a layer or the receiver throws', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const broken = { ...perceptron.nodes[2]!, operation: { ...perceptron.nodes[2]!.operation, forward: () => { throw new Error('broken layer'); } } };
    const parameters = makeParameters(perceptron);
    const batch = makeBatch(perceptron, 4);
    const tensorsBefore = memory().numTensors;
    await assert.rejects(run(ledger, { ...perceptron, nodes: [...perceptron.nodes.slice(0, 2), broken] }, parameters, batch), /broken layer/);
    assert.equal(memory().numTensors, tensorsBefore);
    const receive = () => { throw new Error('full'); };
    await assert.rejects(tapeGradients(ledger)({ model: perceptron, weights: lentTensors(parameters), batch, seed: 1, slices: 1, lossScale: 1, receive }), /full/);
    assert.equal(memory().numTensors, tensorsBefore);
    assert.equal(engine().state.activeTape, null);
    await run(ledger, perceptron, parameters, batch);
    dispose(parameters);
    disposeOf(batch);
  });

  it('does not walk back from a loss that is not finite', async () => {
    await loadBackend('cpu', { assets });
    ledger = new Ledger();
    const parameters = makeParameters(perceptron);
    const batch = makeBatch(perceptron, 4);
    const infinite = { ...batch, inputs: [mul(only(batch), Number.NaN)] };
    const { loss, order } = await run(ledger, perceptron, parameters, infinite);
    assert.ok(Number.isNaN(loss));
    assert.deepEqual(order, []);
    dispose([...parameters, ...infinite.inputs]);
    disposeOf(batch);
  });
});
