import assert from 'node:assert/strict';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import path from 'node:path';
import { loadBackend } from '../../../src/backends/loadBackend';
import { moduleData } from '../../../src/data/module/moduleData';
import { fromLayersModel } from '../../../src/models/layersModel/fromLayersModel';
import { loadOwnModule, type OwnModule } from '../../../src/models/ownModule/loadOwnModule';
import { ownModel } from '../../../src/models/ownModule/ownModel';
import { runParts } from '../../../src/trainer/runParts';
import { splitOf } from '../../../src/data/split';
import { assets } from '../../support/assets';
import { moduleFolder } from '../../support/ownModule';

const model = (loss: string, units: number, inputs = 2) => `export function createModel(tf) {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [${inputs}], units: ${units}, name: 'out' })] });
  model.compile({ optimizer: 'sgd', loss: '${loss}' });
  return model;
}\n`;
const data = (ys: string, rest = '') => `export function createData(tf) { return { train: { xs: tf.ones([4, 2]), ys: ${ys} }${rest} }; }\n`;
const regression = model('meanSquaredError', 1);
const anyData = data('tf.ones([4, 1])');

describe('own modules', () => {
  const modules = moduleFolder();
  after(() => { modules.remove(); });
  before(() => loadBackend('cpu', { assets }));
  const own = (source: string, ending?: string): Promise<OwnModule> => loadOwnModule(modules.write(source, ending));
  const makeData = async (source: string) => moduleData(await own(source), 1);
  const makeModel = async (source: string, seed = 1) => ownModel(await own(source), seed, made => fromLayersModel(made));
  const parts = (source: string, seed = 1) => runParts({ model: 'module', data: 'module', module: modules.write(source), seed }, assets);

  it('make a model with its name, shapes and loss, and leave no tensor behind', async () => {
    const { numTensors } = memory();
    for (const ending of ['.mjs', '.cjs']) {
      const source = model('meanSquaredError', 3);
      const made = await ownModel(await own(ending === '.mjs' ? source : source.replace('export function createModel', 'module.exports.createModel = function'), ending), 1, layers => fromLayersModel(layers));
      assert.deepEqual(made.model.parameters.map(({ name, shape }) => [name, shape]), [['out/kernel', [2, 3]], ['out/bias', [3]]]);
      assert.deepEqual([made.model.inputs[0]!.shape, made.outputShape, made.model.loss.name], [[2], [3], 'meanSquaredError']);
    }
    assert.equal(memory().numTensors, numTensors);
  });

  it('get the copy of TensorFlow.js that trains, with layers and methods', async () => {
    const { numTensors } = memory();
    const { model: made } = await makeModel(`export async function createModel(tf, { seed }) {
      const four = tf.tidy(() => tf.tensor1d([2]).add(2).square().dataSync()[0]);
      if (four !== 16 || tf.getBackend() !== 'cpu' || seed !== 7) throw new Error('not ours: ' + four + tf.getBackend() + seed);
      const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
      model.compile({ optimizer: tf.train.sgd(1), loss: tf.losses.meanSquaredError });
      return model;
    }`, 7);
    assert.equal(made.parameters.length, 2);
    assert.equal(memory().numTensors, numTensors);
  });

  it('know which line made each layer: of factories, of classes and of those who extend them', async () => {
    const source = [
      'const block = (tf, x) => {',
      '  const wide = tf.layers.dense({ units: 4, activation: "softplus", name: "wide" }).apply(x);',
      '  return wide;',
      '};',
      'export function createModel(tf, { layers }) {',
      '  class Doubling extends tf.layers.Layer {',
      '    constructor(config) {',
      '      super(config);',
      '    }',
      '    static get className() { return "Doubling"; }',
      '    computeOutputShape(shape) { return shape; }',
      '    call(inputs) { return tf.mul(inputs[0] ?? inputs, 2); }',
      '  }',
      '  const input = tf.input({ shape: [2] });',
      '  const doubled = new Doubling({ name: "doubling" });',
      '  if (!(doubled instanceof tf.layers.Layer) || doubled.constructor !== Doubling) throw new Error("not its class");',
      '  const again = tf.layers.reLU({ name: "again" });',
      '  if (!(again instanceof tf.layers.Layer)) throw new Error("no layer");',
      '  const row = layers.firstPosition({ name: "first" })',
      '    .apply(tf.layers.repeatVector({ n: 3, name: "repeat" }).apply(again.apply(doubled.apply(block(tf, input)))));',
      '  const model = tf.model({ inputs: input, outputs: row });',
      '  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });',
      '  return model;',
      '}',
    ].join('\n');
    for (const ending of ['.mjs', '.cjs']) {
      const file = modules.write(ending === '.mjs' ? source : source.replace('export function createModel', 'module.exports.createModel = function'), ending);
      const { model: made } = await ownModel(await loadOwnModule(file), 1, layers => fromLayersModel(layers));
      assert.deepEqual(made.nodes.map(({ name, source: line }) => [name, line]), [
        ['wide', `${file}:2`], ['wide/activation', `${file}:2`], ['doubling', `${file}:15`], ['again', `${file}:17`], ['repeat', `${file}:20`], ['first', `${file}:19`],
      ]);
    }
    const { model: stock } = await makeModel(regression.replace("tf.layers.dense({", "tf.layers.dense({ activation: 'linear', "));
    assert.match(stock.nodes[0]!.source ?? '', /module\d+\.mjs:2$/);
  });

  it('get the layers of sequences, which train by operations of their own', async () => {
    const { model: made } = await makeModel(`export function createModel(tf, { layers }) {
      const tokens = tf.input({ shape: [null], dtype: 'int32' });
      const mask = layers.paddingMask().apply(tokens);
      let x = layers.sinusoidalPositions().apply(layers.reversibleEmbedding({ tokens: 9, width: 8 }).apply(tokens));
      x = layers.learnedPositions({ maxLength: 5 }).apply(x);
      x = layers.dynamicConvolution({ heads: 2, kernelSize: 3, padding: 'same', weightDropout: 0.1 }).apply([x, mask]);
      x = layers.lightweightConvolution({ heads: 2, kernelSize: 3, padding: 'causal' }).apply(x);
      x = layers.dotProductAttention({ heads: 2, causal: true }).apply([x, x, x, mask]);
      const model = tf.model({ inputs: tokens, outputs: tf.layers.dense({ units: 2, activation: 'softmax' }).apply(layers.firstPosition().apply(x)) });
      model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
      return model;
    }`);
    assert.deepEqual(made.inputs[0]!.shape, [null]);
    // A layer that ran itself would keep a recording of TensorFlow.js's tape.
    assert.deepEqual(made.nodes.filter(({ operation }) => operation.keeps.extras).map(({ name }) => name), []);
    assert.equal(made.parameters.length, 6);
  });

  it('draw the same initial weights and data for the same seed, though they say none', async () => {
    const source = `${model('meanSquaredError', 3)}export function createData(tf) { return { train: { xs: tf.randomNormal([20, 2]), ys: tf.ones([20, 3]).mul(Math.random() + 0.5) } }; }`;
    const [first, same, other] = [await parts(source, 1), await parts(source, 1), await parts(source, 2)];
    const numbers = ({ model: made, dataset }: typeof first) => [...made.parameters[0]!.initial!, ...dataset.make(Uint32Array.of(0, 1)).inputs[0]!.values, ...dataset.make(Uint32Array.of(3)).labels.values];
    assert.deepEqual(numbers(first), numbers(same));
    assert.notDeepEqual(numbers(first), numbers(other));
  });

  it('give data as tensors, typed arrays or promises of them, with several inputs, which are copied and gone', async () => {
    const { numTensors } = memory();
    const dataset = await makeData(`export async function createData(tf) {
      const xs = [tf.tensor2d([[1, 2], [3, 4], [5, 6]]), { values: Int32Array.of(7, 8, 9), shape: [3, 1] }];
      return { train: { xs, ys: Promise.resolve(tf.tensor1d([0, 2, 1], 'int32')) }, validation: { xs: [tf.ones([1, 2]), tf.zeros([1, 1])], ys: { values: [1] && Uint8Array.of(1), shape: [1] } } };
    }`);
    assert.equal(memory().numTensors, numTensors);
    assert.deepEqual([dataset.examples, dataset.ownValidation, dataset.labelKind, dataset.classes, dataset.bytes], [4, 1, 'classNumbers', 3, 4 * 4 * 4]);
    const { inputs: [pairs, single], labels } = dataset.make(Uint32Array.of(3, 1));
    assert.deepEqual([[...pairs!.values], pairs!.shape, [...single!.values], [...labels.values]], [[1, 1, 3, 4], [2, 2], [0, 8], [1, 2]]);
    assert.deepEqual([...splitOf(dataset, 0.5, 1).validation], [3]);
  });

  describe('labels take the form that the loss compares with:', () => {
    const forms: readonly (readonly [loss: string, units: number, ys: string, expected: readonly number[], shape: readonly number[]])[] = [
      ['sparseCategoricalCrossentropy', 3, 'tf.tensor1d([0, 2, 1, 0], "int32")', [0, 2, 1, 0], [4]],
      ['sparseCategoricalCrossentropy', 3, 'tf.oneHot(tf.tensor1d([0, 2, 1, 0], "int32"), 3)', [0, 2, 1, 0], [4]],
      ['categoricalCrossentropy', 3, 'tf.tensor1d([0, 2, 1, 0])', [1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0], [4, 3]],
      ['categoricalCrossentropy', 2, 'tf.tensor2d([[0.5, 0.5], [1, 0], [1, 0], [1, 0]])', [0.5, 0.5, 1, 0, 1, 0, 1, 0], [4, 2]],
      ['meanSquaredError', 1, 'tf.tensor1d([1, 2, 3, 4])', [1, 2, 3, 4], [4, 1]],
      ['meanSquaredError', 2, 'tf.tensor2d([[0, -1], [1, 2], [3, 4], [5, 6]])', [0, -1, 1, 2, 3, 4, 5, 6], [4, 2]],
    ];
    for (const [loss, units, ys, expected, shape] of forms) {
      it(`${ys} for ${loss}`, async () => {
        const { labels } = (await parts(model(loss, units) + data(ys))).dataset.make(Uint32Array.of(0, 1, 2, 3));
        assert.deepEqual([[...labels.values], labels.shape], [expected, shape]);
      });
    }

    it('and of a built-in model are class numbers', async () => {
      const module = modules.write(data('tf.oneHot(tf.tensor1d([0, 2, 1, 0], "int32"), 3)'));
      const { dataset, model: made } = await runParts({ model: 'logistic', data: 'module', module, seed: 1 }, assets);
      assert.deepEqual([...dataset.make(Uint32Array.of(0, 1)).labels.values], [0, 2]);
      assert.deepEqual(made.parameters.map(({ shape }) => shape), [[2, 3], [3]]);
    });
  });

  const refused: readonly (readonly [what: string, source: string, message: RegExp])[] = [
    ['a model function that is missing', 'export const createmodel = 1;' + anyData, /module\d+\.mjs", whose export createModel is missing, but must be a function; it exports createData, createmodel\. Write for example: export function createModel/],
    ['a model function that throws, with its line', 'export function createModel() {\n  const nothing = undefined;\n  return nothing.layers;\n}' + anyData, /createModel of the module .*module\d+\.mjs threw: Cannot read properties of undefined .*\(module\d+\.mjs:3:18\)\. Correct the module/],
    ['what is no model', 'export function createModel() { return { layers: 3 }; }' + anyData, /returned an object with layers, but must return a tf\.LayersModel\. Return for example/],
    ['a model that was not compiled', 'export const createModel = tf => tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });' + anyData, /cannot be trained here\. .*was not compiled, so there is no loss.*model\.compile/],
    ['a file with a mistake in it', 'export function createModel( {', /which cannot be loaded: .*\. Correct the module/],
    ['a data function that is missing', regression, /whose export createData is missing.*it exports createModel\. Write for example: export function createData/],
    ['data without labels', regression + 'export const createData = tf => ({ train: { xs: tf.ones([2, 2]) } });', /createData of the module .*: train is an object with xs, but must be an object with xs and ys\. Return \{ train/],
    ['a plain list as an array', regression + 'export const createData = tf => ({ train: { xs: [[1, 2]], ys: tf.ones([1]) } });', /train\.xs is a Array, but must be a tensor, or \{ values, shape \}/],
    ['more examples than labels', regression + data('tf.ones([3, 1])'), /train\.xs has the shape \[4, 2\] and train\.ys \[3, 1\], but both must begin with the same number of examples/],
    ['a shape of another size', regression + data('{ values: new Float32Array(5), shape: [4, 1] }'), /train\.ys has 5 values for the shape \[4, 1\]/],
    ['a value that is no number', regression + data('tf.tensor1d([1, 2, NaN, 4])'), /train\.ys is NaN in example 2, but must be finite numbers/],
    ['labels below 0', model('sparseCategoricalCrossentropy', 3) + data('tf.tensor1d([1, -2, 0, 1], "int32")'), /ys has the label -2 in example 1, but class numbers begin with 0/],
    ['labels out of range', model('sparseCategoricalCrossentropy', 3) + data('tf.tensor1d([0, 1, 7, 2], "int32")'), /labels reach 7, but the model .* tells 3 classes apart, numbered from 0 to 2\. Give the model 8 outputs/],
    ['values where classes are wanted', model('sparseCategoricalCrossentropy', 3) + data('tf.tensor1d([0.5, 1, 7, 2])'), /labels are values to be predicted.*takes class numbers.*meanSquaredError/],
    ['examples of another shape than the model\'s input', model('meanSquaredError', 1, 5) + data('tf.ones([4, 1])'), /data is "module", whose examples have the shape \[2\], but the model .* takes .* \[5\]/],
    ['validation of another shape', regression + data('tf.ones([4, 1])', ', validation: { xs: tf.ones([2, 3]), ys: tf.ones([2, 1]) }'), /validation has examples and labels of the shapes \[3\], \[1\], but those of train are \[2\], \[1\]/],
  ];
  for (const [what, source, message] of refused) {
    it(`refuse ${what}`, async () => {
      await assert.rejects(parts(source), message);
    });
  }

  it('refuse a path that leads nowhere, or starts at no folder', async () => {
    await assert.rejects(loadOwnModule(path.join(modules.folder, 'none.mjs')), /where there is no file\. Correct the path; a relative one starts at the run file/);
    await assert.rejects(loadOwnModule('./none.mjs'), /which starts at no folder/);
    await assert.rejects(loadOwnModule(null), /module is null/);
  });

  it('may keep a tensor of their own, which stays theirs', async () => {
    const kept: { tensor?: Tensor } = {};
    Object.assign(globalThis, { efcpTestKept: kept });
    await makeData('export function createData(tf) { globalThis.efcpTestKept.tensor = tf.keep(tf.ones([2])); return { train: { xs: tf.ones([2, 2]), ys: tf.ones([2]) } }; }');
    assert.deepEqual([...kept.tensor!.dataSync()], [1, 1]);
    kept.tensor!.dispose();
    Reflect.deleteProperty(globalThis, 'efcpTestKept');
  });
});
