import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { loadCpu } from '../../../src/backends/cpu';
import { asTfOptimizer, EfcpOptimizer } from '../../../src/optimizers/asTfOptimizer';

describe('asTfOptimizer in model.compile', () => {
  let others: tf.Tensor[];
  before(async () => { await loadCpu('a test'); });
  beforeEach(() => { others = []; });
  afterEach(() => { tf.dispose(others); });

  const model = (optimizer: tf.Optimizer) => {
    const made = layers.sequential({ layers: [layers.layers.dense({ units: 8, inputShape: [2], activation: 'tanh', kernelInitializer: layers.initializers.glorotUniform({ seed: 1 }) }), layers.layers.dense({ units: 1, kernelInitializer: layers.initializers.glorotUniform({ seed: 2 }) })] });
    made.compile({ optimizer, loss: 'meanSquaredError' });
    return made;
  };
  const examples = () => {
    const [inputs, targets] = [tf.tensor2d(Array.from({ length: 32 }, (_, at) => [Math.sin(at), Math.cos(3 * at)])), tf.tensor2d(Array.from({ length: 32 }, (_, at) => [Math.sin(at) * Math.cos(3 * at)]))];
    others.push(inputs, targets);
    return [inputs, targets] as const;
  };

  it('trains', async () => {
    const [inputs, targets] = examples();
    const trained = model(asTfOptimizer('sparse-mfac', { learningRate: 0.03, damping: 0.1, density: 0.3, window: 8, blockSize: 16 }));
    const { history } = await trained.fit(inputs, targets, { epochs: 60, batchSize: 16, shuffle: false });
    const [first, last] = [history['loss']![0] as number, history['loss']!.at(-1) as number];
    assert.ok(last < 0.2 * first, `loss fell from ${first} to ${last}`);
    const before = tf.memory().numTensors;
    await trained.fit(inputs, targets, { epochs: 2, batchSize: 16 });
    assert.equal(tf.memory().numTensors, before);
    trained.dispose();
  });

  it('is saved with the model and goes on from there, groups and all', async () => {
    const [inputs, targets] = examples();
    const groups = [{ match: 'Dense_?[A-Z]*\\d+/bias', exact: true, learningRateScale: 0.5 }, { match: 'KERNEL', weightDecay: 0.3 }];
    const original = model(asTfOptimizer('sparse-mfac', { window: 4, density: 0.3, blockSize: 8, learningRate: 0.05, momentum: 0.5, groups }));
    const fit = async (trained: layers.LayersModel) => { await trained.fit(inputs, targets, { epochs: 3, batchSize: 16, shuffle: false }); };
    await fit(original);
    let artifacts: tf.io.ModelArtifacts | undefined;
    await original.save(tf.io.withSaveHandler(saved => { artifacts = saved; return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) }); }), { includeOptimizer: true });
    const loaded = await layers.loadLayersModel(tf.io.fromMemory({ ...JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined })) as tf.io.ModelArtifacts, weightData: artifacts!.weightData! }));
    assert.ok(loaded.optimizer instanceof EfcpOptimizer);
    assert.deepEqual(loaded.optimizer.getConfig(), original.optimizer.getConfig());
    assert.equal(loaded.optimizer.iterations, 6);
    await fit(original);
    await fit(loaded);
    assert.deepEqual(loaded.getWeights().map(weight => [...weight.dataSync()]), original.getWeights().map(weight => [...weight.dataSync()]));
    original.dispose();
    loaded.dispose();
  });
});
