import assert from 'node:assert/strict';
import { add, dispose, mean, memory, setBackend, tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { DenseWeights } from '../../../../src/gradients/denseWeights';
import { evaluate } from '../../../../src/gradients/evaluate';
import type { Batch } from '../../../../src/gradients/gradientSource';
import { Ledger } from '../../../../src/memory/ledger';
import { fromLayersModel } from '../../../../src/models/layersModel/fromLayersModel';
import { internals } from '../../../../src/models/layersModel/layersInternals';
import type { Model } from '../../../../src/models/model';
import { withSeededRandom } from '../../../../src/models/layersModel/seededRandom';
import { assets } from '../../../support/assets';
import { layersModelGradients } from '../../../support/layersModelGradients';
import { modelGradients } from '../../../support/modelGradients';
import { examples } from './layersModels';

const backends = ['cpu', 'wasm'] as const;
const plus = (values: Float32Array) => Array.from(values, value => value + 0);

describe('models: a LayersModel as a graph of operations', () => {
  before(async () => { for (const name of backends) await loadBackend(name, { assets }); });

  for (const [name, { make, inputs: makeInputs, labels: makeLabels }] of Object.entries(examples)) {
    for (const backend of backends) {
      it(`${name}, ${backend}: loss, gradients and statistics are tfjs-layers' own, kept or computed again`, async () => {
        await setBackend(backend);
        const tensorsBefore = memory().numTensors;
        const layersModel = withSeededRandom(1, make);
        const initial = layersModel.getWeights().map(weight => weight.clone());
        const batch = { inputs: makeInputs(), labels: makeLabels() };
        const expected = layersModelGradients(layersModel, batch.inputs, batch.labels);
        layersModel.setWeights(initial);
        const expectedLoss = inferenceLoss(layersModel, batch);
        layersModel.setWeights(initial);
        const others = internals(layersModel).weights.filter(weight => expected.others.has(weight.name)).map(weight => weight.name);
        const model = await fromLayersModel(layersModel);
        assert.equal(new Set(model.nodes.map(node => node.name)).size, model.nodes.length);

        const step = await modelGradients(model, batch);
        const same = (values: Float32Array, wanted: Float32Array, what: string) => {
          if (backend === 'cpu') assert.deepEqual(plus(values), plus(wanted), what);
          else assertNear(values, wanted, what);
        };
        same(Float32Array.of(step.loss), Float32Array.of(expected.loss), 'loss');
        assert.equal(step.gradients.length, expected.gradients.length);
        step.gradients.forEach((gradient, index) => { same(gradient, expected.gradients[index] ?? gradient.map(() => 0), `gradient of ${model.parameters[index]!.name}`); });
        const found = new Map(model.buffers.map((buffer, index) => [buffer.name, step.buffers[index]!]));
        assert.equal(found.size, others.length);
        for (const [index, values] of [...found.values()].entries()) same(values, expected.others.get(others[index]!)!, model.buffers[index]!.name);

        assert.ok(Math.abs(await evaluated(model, batch) - expectedLoss) <= (backend === 'cpu' ? 0 : 1e-5 * Math.abs(expectedLoss)), 'the loss outside training');

        const again = await modelGradients(model, batch, { recompute: true });
        assert.deepEqual(again.gradients, step.gradients, 'computed again, the gradients are the same');
        assert.deepEqual(again.buffers, step.buffers, 'computed again, statistics move once');
        dispose([...initial, ...batch.inputs, batch.labels]);
        assert.equal(memory().numTensors, tensorsBefore, 'nothing is left behind');
      });
    }
  }
});

/** As tfjs-layers' own evaluation takes it. */
function inferenceLoss(layersModel: LayersModel, { inputs, labels }: Batch): number {
  const losses: number[] = [];
  tidy(() => {
    const output = layersModel.predict(inputs.length === 1 ? inputs[0]! : [...inputs]) as Tensor;
    const penalties = (layersModel as unknown as { calculateLosses(): Scalar[] }).calculateLosses();
    const loss = mean(internals(layersModel).lossFunctions![0]!(labels, output));
    losses.push(penalties.reduce<Tensor>((sum, penalty) => add(sum, penalty), loss).dataSync()[0]!);
  });
  return losses[0]!;
}

async function evaluated(model: Model, batch: Batch): Promise<number> {
  const ledger = new Ledger();
  const weights = new DenseWeights(ledger, model, 1);
  try {
    return (await evaluate(ledger, model, weights, batch)).loss;
  } finally {
    weights.dispose();
    ledger.stop();
  }
}

/** A bias before a normalisation has a gradient that is nothing but rounding. */
function assertNear(values: Float32Array, wanted: Float32Array, what: string): void {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-2);
  values.forEach((value, index) => { assert.ok(Math.abs(value - wanted[index]!) <= 2e-4 * largest, `${what}[${index}] is ${value}, tfjs-layers says ${wanted[index]!}`); });
}
