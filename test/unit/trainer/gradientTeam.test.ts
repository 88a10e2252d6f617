import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { dispose, memory as tensorsOf, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import type { Evaluation, SliceSource } from '../../../src/gradients/gradientSource';
import { lentTensors } from '../../../src/gradients/lentTensors';
import { cutIntoSlices } from '../../../src/gradients/slices';
import { tapeGradients } from '../../../src/gradients/tape';
import { Ledger } from '../../../src/memory/ledger';
import { builtInModel } from '../../../src/models/builtIn';
import type { Model } from '../../../src/models/model';
import { sumBytes } from '../../../src/protocol/samples';
import { GradientTeam } from '../../../src/trainer/workers/gradientTeam';
import { assertClose } from '../../support/assertClose';
import { assets } from '../../support/assets';
import { madeUpBatch, madeUpSource, parameterTensors, sliceResult } from '../../support/modelRun';
import { watchThreads } from '../../support/workerThreads';

interface Result extends Evaluation {
  readonly gradients: readonly Float32Array[];
}

const batchSize = 23;
const data = { inputShape: [28, 28, 1], classes: 10 };

async function teamResult(team: GradientTeam, model: Model, parameters: readonly Tensor[], examples: number): Promise<Result> {
  const gradients: Float32Array[] = [];
  const evaluation = await team.source({
    model, weights: lentTensors(parameters), batch: madeUpSource(model, examples), seed: 1, lossScale: 1,
    receive: (parameter, gradient) => {
      assert.equal(gradients[parameter], undefined, 'each gradient is handed over once');
      assert.deepEqual(gradient.shape, parameters[parameter]!.shape);
      gradients[parameter] = Float32Array.from(gradient.dataSync());
    },
  });
  return { ...evaluation, gradients };
}

/** What the team must compute, bit for bit: slice after slice on this thread, every product and every sum rounded to float32. */
async function slicesInTurn(source: SliceSource, model: Model, parameters: readonly Tensor[], examples: number, workers: number): Promise<Result> {
  let [loss, correct] = [0, 0];
  let gradients: Float32Array[] | undefined;
  for (const { from, to, weight } of cutIntoSlices(examples, workers)) {
    const part = madeUpSource(model, examples).make(from, to);
    const result = await sliceResult(source, model, lentTensors(parameters), part);
    dispose([...part.inputs, part.labels]);
    loss += weight * result.loss;
    correct += result.correct!;
    const weighted = result.gradients.map(gradient => gradient.map(entry => entry * Math.fround(weight)));
    gradients = gradients?.map((sum, index) => sum.map((entry, at) => entry + weighted[index]![at]!)) ?? weighted;
  }
  return { loss, correct, gradients: gradients ?? [] };
}

describe('trainer: gradients from several workers', () => {
  for (const [backend, name, counts] of [['wasm', 'mlp', [2, 3, 5]], ['wasm', 'convnet', [2, 3, 5]], ['cpu', 'mlp', [2]]] as const) {
    for (const workers of counts) {
      it(`${name} on ${backend}, ${workers} workers: the sum over the slices to the bit, the batch's gradient within rounding, whatever the batch`, async () => {
        const { memory } = await loadBackend(backend, { assets });
        const model = builtInModel(name);
        const ledger = new Ledger();
        const source = tapeGradients(ledger);
        const team = new GradientTeam({ model, source, ledger, memory: memory! }, { model: name, data, workers, batchSize, backend, assets });
        const parameters = ledger.scope('parameters', () => parameterTensors(model));
        try {
          // A full batch, an odd short one, one that not every worker gets a part of, one example; and a full one again.
          for (const examples of [batchSize, 7, workers - 1, 1, batchSize]) {
            const [tensors, live] = [tensorsOf().numTensors, ledger.live()];
            const joined = await teamResult(team, model, parameters, examples);
            assert.deepEqual([tensorsOf().numTensors, ledger.live()], [tensors, live], 'nothing is left behind');
            const batch = madeUpBatch(model, examples);
            const whole = await sliceResult(source, model, lentTensors(parameters), batch);
            const inTurn = await slicesInTurn(source, model, parameters, examples, workers);
            assert.deepEqual([joined.loss, joined.correct], [inTurn.loss, inTurn.correct]);
            assert.equal(joined.correct, whole.correct);
            assert.ok(Math.abs(joined.loss - whole.loss) <= 1e-6 * whole.loss);
            joined.gradients.forEach((gradient, index) => {
              assert.deepEqual(gradient, inTurn.gradients[index], `parameter ${index}, ${examples} examples`);
              assertClose(gradient, whole.gradients[index]!, 1e-5, `parameter ${index}, ${examples} examples`);
            });
            dispose([...batch.inputs, batch.labels]);
            // New values reach every worker, also the one that got no part of the last batch.
            for (const parameter of parameters) {
              memory!.view(parameter).forEach((value, index, values) => { values[index] = value * 0.9; });
              memory!.written(parameter);
            }
          }
        } finally {
          dispose(parameters);
          await team.close();
          ledger.stop();
        }
      });
    }
  }

  it('hands over no gradient where one slice has no finite loss', async () => {
    const { memory } = await loadBackend('wasm', { assets });
    const model = builtInModel('mlp');
    const ledger = new Ledger();
    const diverged: SliceSource = () => Promise.resolve({ loss: NaN, correct: 0 });
    const team = new GradientTeam({ model, source: diverged, ledger, memory: memory! }, { model: 'mlp', data, workers: 2, batchSize: 4, backend: 'wasm', assets });
    const parameters = parameterTensors(model);
    const { loss, gradients } = await teamResult(team, model, parameters, 4);
    assert.ok(!Number.isFinite(loss));
    assert.deepEqual(gradients, []);
    dispose(parameters);
    await team.close();
    ledger.stop();
  });

  it('counts the shared arrays from the start, starts no more threads than a batch has slices, and ends them', async () => {
    await watchThreads(assets, async ({ started, alive }) => {
      const { memory } = await loadBackend('wasm', { assets });
      const model = builtInModel('convnet');
      const ledger = new Ledger();
      const team = new GradientTeam({ model, source: tapeGradients(ledger), ledger, memory: memory! }, { model: 'convnet', data, workers: 8, batchSize: 3, backend: 'wasm', assets });
      const d = 52_138;
      await setImmediate();
      assert.equal(started.length, 2);
      assert.deepEqual(team.figures.live(), { ...ledger.live(), parameters: 4 * d, gradients: 3 * 4 * d, data: 2 * (4 * 784 + 4) });
      assert.equal(sumBytes(team.figures.live()), team.figures.takePeak().peakBytes);
      await team.close();
      assert.equal(alive(), 0);
      ledger.stop();
    });
  });
});
