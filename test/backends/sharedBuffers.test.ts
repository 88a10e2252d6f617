/** Tensors of several shapes on one buffer: it is counted once, read in every shape, and predicted as it is counted. */
import assert from 'node:assert/strict';
import { add, cast, dispose, expandDims, matMul, memory, ones, range, reshape, squeeze, sum, tensor, tidy, transpose, type Tensor } from '@tensorflow/tfjs-core';
import type { BackendName } from '../../src/backends/backend';
import { loadBackend } from '../../src/backends/loadBackend';
import { measureTechnique } from '../../src/bench/memory/measureTechnique';
import { translatorSettings } from '../../src/bench/memory/translatorTechniques';
import { lentTensors } from '../../src/gradients/lentTensors';
import { segmentsOf, type RecomputePolicy } from '../../src/gradients/recompute/policies';
import { scaledFigures } from '../../src/gradients/recompute/scaledFigures';
import { predictedActivationBytes } from '../../src/gradients/recompute/stepBytes';
import { tapeGradients } from '../../src/gradients/tape';
import { Ledger } from '../../src/memory/ledger';
import { chain } from '../../src/models/chain';
import { convolution, dense, flatten, maxPooling } from '../../src/models/chainLayers';
import { sumBytes } from '../../src/protocol/samples';
import { defaultsFor, type Settings } from '../../src/settings/knobs';
import { assets } from '../support/assets';
import { testedBackends, testedPlace } from '../support/backendSuite';
import { madeUpBatch, parameterTensors, sliceResult } from '../support/modelRun';
import { use } from './trajectory';

const shapes: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  'a reshape': x => reshape(x, [10, -1]), 'a dimension more': x => expandDims(x, -1), 'the first dimension': x => expandDims(x, 0), 'one dimension': x => x.flatten(),
  'a dimension less': x => squeeze(reshape(x, [1, 10, 1, 100])), 'a cast to its own type': x => cast(x, x.dtype), 'a shape of a shape': x => expandDims(reshape(x, [20, 50]), 1),
};

for (const name of testedBackends()) describe('backends: buffers that tensors share', function () {
  this.timeout(120_000);
  let ledger: Ledger;
  beforeEach(async () => {
    await use(name);
    ledger = new Ledger();
  });
  afterEach(() => { ledger.stop(); });

  it(`counts a buffer once while any of its tensors lives on ${name}`, () => {
    for (const dtype of ['float32', 'int32', 'bool'] as const) for (const [what, shape] of Object.entries(shapes)) for (const isFirstToDie of [true, false]) {
      const bytes = dtype === 'bool' ? 1000 : 4000;
      const before = memory();
      ledger.takePeak();
      const x = ledger.scope('workspace', () => ones([1000], dtype));
      const shaped = ledger.scope('workspace', () => tidy(() => shape(x)));
      assert.deepEqual([ledger.live().workspace, memory().numDataBuffers - before.numDataBuffers], [bytes, 1], what);
      assert.equal(ledger.takePeak().peakBytes, bytes, what);
      const [first, last] = isFirstToDie ? [x, shaped] : [shaped, x];
      ledger.claim(first, 'gradients');
      first.dispose();
      assert.deepEqual([ledger.live().gradients, ledger.live().workspace], [bytes, 0], what);
      ledger.claim(last, 'activations');
      assert.ok(last.dataSync().every(value => value === 1));
      last.dispose();
      assert.deepEqual([sumBytes(ledger.live()), memory().numTensors], [0, before.numTensors], what);
    }
  });

  it(`counts as another what is another on ${name}`, () => {
    const made = tidy(() => {
      const x = ones([1000]);
      return [x, cast(x, 'int32'), add(reshape(x, [10, 100]), x.slice([0], [1]))];
    });
    assert.equal(sumBytes(ledger.live()), 12_000);
    dispose(made);
    assert.equal(sumBytes(ledger.live()), 0);
  });

  // What is asked at once here, webgpu gives later.
  if (name !== 'webgpu') it(`reads a buffer in every shape on ${name}`, () => {
    tidy(() => {
      // One that has not been used, and one that an operation made.
      for (const x of [tensor([0, 1, 2, 3, 4, 5]), add(range(0, 6), 0)]) {
        const [wide, high] = [reshape(x, [2, 3]), reshape(x, [3, 2])];
        const results = [matMul(wide, high), sum(wide, 0), sum(high, 0), transpose(high), sum(expandDims(x, 1), 1), add(expandDims(x, 0), expandDims(reshape(x, [6]), 1))];
        assert.deepEqual(results.map(result => [result.shape, [...result.dataSync()]]), [
          [[2, 2], [10, 13, 28, 40]], [[3], [3, 5, 7]], [[2], [6, 9]], [[2, 3], [0, 2, 4, 1, 3, 5]], [[6], [0, 1, 2, 3, 4, 5]],
          [[6, 6], Array.from({ length: 36 }, (_, place) => Math.floor(place / 6) + place % 6)],
        ]);
        assert.deepEqual([...x.dataSync()], [0, 1, 2, 3, 4, 5], 'and in its own');
      }
      assert.deepEqual([add(reshape(tensor([7]), []), 1).shape, reshape(tensor([], [0, 3]), [3, 0]).add(1).shape], [[], [3, 0]]);
      assert.equal(add(reshape(tensor(7), [1, 1]), 1).dataSync()[0], 8);
    });
  });

  if (name !== 'webgpu') it(`predicts what a model takes that reshapes on ${name}`, async () => {
    const model = chain('reshaping', [8, 8, 2], [convolution('first', 2, 4, 3), maxPooling('pool', 2), flatten('flat'), dense('hidden', 64, 16, 'relu'), flatten('again'), dense('out', 16, 3, 'linear')]);
    const parameters = ledger.scope('parameters', () => parameterTensors(model));
    const batch = ledger.scope('data', () => madeUpBatch(model, 12, 3));
    const figures = await scaledFigures(model, lentTensors(parameters), batch, 12);
    assert.deepEqual(figures.nodes.flatMap(({ outputIsInput }, node) => (outputIsInput === undefined ? [] : [node])), [2, 4], 'what flattens makes nothing');
    const policies: readonly RecomputePolicy[] = [{ kind: 'none' }, { kind: 'sqrt' }, { kind: 'every', layers: 1 }, { kind: 'every', layers: 2 }];
    for (const policy of policies) {
      const segments = segmentsOf(model, policy);
      ledger.takePeak();
      await sliceResult(tapeGradients(ledger, { segments: () => segments }), model, lentTensors(parameters), batch);
      assert.equal(ledger.takePeak().most?.activations, predictedActivationBytes(model, segments, figures).peak, JSON.stringify(policy));
    }
    dispose([...parameters, ...batch.inputs, batch.labels]);
  });

  // On cpu and webgpu a mask that is cast to float32 keeps its buffer of a byte to an element, which its type does not say.
  if (name !== 'cpu' && name !== 'webgpu') it(`predicts what a translator takes on ${name}`, async () => {
    ledger.stop();
    const backend = await loadBackend(name as BackendName, testedPlace());
    const techniques: readonly Partial<Settings>[] = [{}, { recompute: 'block' }, { activationPrecision: 'float16', lossScale: 256 }];
    for (const technique of techniques) {
      const settings: Settings = { ...defaultsFor('adamw'), ...translatorSettings, model: 'dynamicconv-tiny', batchSize: 6, ...technique };
      const { modelBytes, optimizerBytes, activationBytes, predictedTotalBytes } = await measureTechnique('dynamicconv-tiny', settings, 1, backend, assets);
      assert.equal(modelBytes + optimizerBytes + activationBytes, predictedTotalBytes, JSON.stringify(technique));
    }
  });
});
