import assert from 'node:assert/strict';
import { add, dispose, memory, mul, step, relu, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { lentTensors } from '../../../../src/gradients/lentTensors';
import { leastBudget } from '../../../../src/gradients/recompute/planner';
import { segmentsOf, RecomputeError, type RecomputePolicy } from '../../../../src/gradients/recompute/policies';
import { scaledFigures } from '../../../../src/gradients/recompute/scaledFigures';
import { predictedActivationBytes, recomputedFlops } from '../../../../src/gradients/recompute/stepBytes';
import { tapeGradients } from '../../../../src/gradients/tape';
import { Ledger } from '../../../../src/memory/ledger';
import { chain } from '../../../../src/models/chain';
import { convolution, dense, flatten, maxPooling } from '../../../../src/models/chainLayers';
import type { Model, Operation } from '../../../../src/models/model';
import { assets } from '../../../support/assets';
import { madeUpBatch, parameterTensors, sliceResult } from '../../../support/modelRun';

const convnet = chain('convnet', [8, 8, 2], [
  ...Array.from({ length: 7 }, (_, index) => convolution(`conv${index}`, index === 0 ? 2 : 4, 4, 3)), maxPooling('pool', 2), flatten('flat'), dense('hidden', 64, 16, 'relu'), dense('out', 16, 3, 'linear'),
]);

/** Residual blocks of two convolutions; sums keep nothing and hand on the gradient that they get. */
function residual(blocks: number): Model {
  const sum: Operation = { keeps: { inputs: [], output: false, extras: false }, forward: ([a, b]) => ({ output: add(a!, b!) }), backward: dy => ({ inputs: [dy, dy], parameters: [] }) };
  const rectify: Operation = { keeps: { inputs: [], output: true, extras: false }, forward: ([x]) => ({ output: relu(x!) }), backward: (dy, { output }) => ({ inputs: [mul(dy, step(output!))], parameters: [] }) };
  const layers = [convolution('stem', 2, 4, 3), ...Array.from({ length: 2 * blocks }, (_, index) => convolution(`conv${index}`, 4, 4, 3)), flatten('flat'), dense('out', 8 * 8 * 4, 3, 'linear')];
  const base = chain('residual', [8, 8, 2], layers);
  const nodes: Model['nodes'][number][] = [];
  const put = (name: string, inputs: number[], operation: Operation, parameters: readonly number[]) => nodes.push({ name, inputs, operation, parameters, buffers: [] });
  let x = put('stem', [0], layers[0]!.operation, [0, 1]);
  for (let block = 0; block < blocks; block++) {
    const [first, second] = [1 + 2 * block, 2 + 2 * block];
    const rectified = put(`relu${block}`, [x], rectify, []);
    const inner = put(`conv${2 * block}`, [rectified], layers[first]!.operation, [2 * first, 2 * first + 1]);
    const outer = put(`conv${2 * block + 1}`, [inner], layers[second]!.operation, [2 * second, 2 * second + 1]);
    x = put(`sum${block}`, [x, outer], sum, []);
  }
  const flat = put('flat', [x], layers.at(-2)!.operation, []);
  put('out', [flat], layers.at(-1)!.operation, [2 * (layers.length - 2), 2 * (layers.length - 2) + 1]);
  return { ...base, nodes };
}

const models = [convnet, residual(4)];
const policies: readonly RecomputePolicy[] = [{ kind: 'none' }, { kind: 'sqrt' }, { kind: 'block' }, { kind: 'every', layers: 1 }, { kind: 'every', layers: 3 }];

for (const backend of ['cpu', 'wasm'] as const) {
  describe(`recomputation on ${backend}`, () => {
    let ledger: Ledger;
    let parameters: Tensor[];
    beforeEach(async () => {
      await loadBackend(backend, { assets });
      ledger = new Ledger();
    });
    afterEach(() => {
      dispose(parameters);
      ledger.stop();
    });

    async function taken(model: Model, policy: RecomputePolicy, examples: number) {
      const batch = ledger.scope('data', () => madeUpBatch(model, examples, 3));
      const figures = policy.kind === 'budget' ? await scaledFigures(model, lentTensors(parameters), batch, examples) : undefined;
      const segments = segmentsOf(model, policy, figures);
      ledger.takePeak();
      const result = await sliceResult(tapeGradients(ledger, { segments: () => segments }), model, lentTensors(parameters), batch);
      const { most } = ledger.takePeak();
      dispose([...batch.inputs, batch.labels]);
      return { ...result, activationBytes: most!.activations };
    }

    for (const model of models) {
      it(`${model.name}: takes the bytes and operations that were predicted from a few examples, and gives the same gradients bit for bit`, async () => {
        parameters = ledger.scope('parameters', () => parameterTensors(model));
        const [few, before] = [madeUpBatch(model, 8, 3), memory().numTensors];
        const figures = await scaledFigures(model, lentTensors(parameters), few, 20);
        assert.equal(memory().numTensors, before, 'measuring leaves nothing behind');
        dispose([...few.inputs, few.labels]);
        const kept = await taken(model, { kind: 'none' }, 20);
        for (const policy of policies) {
          const found = await taken(model, policy, 20);
          const segments = segmentsOf(model, policy);
          assert.equal(found.activationBytes, predictedActivationBytes(model, segments, figures).peak, JSON.stringify(policy));
          assert.equal(found.recomputedFlops, recomputedFlops(model, segments, figures));
          assert.equal(found.loss, kept.loss);
          assert.deepEqual(found.gradients, kept.gradients);
          if (policy.kind === 'sqrt') assert.ok(found.activationBytes < kept.activationBytes && found.recomputedFlops > 0);
        }
        assert.equal(kept.recomputedFlops, 0);
      });

      it(`${model.name}: keeps within a budget, the least one too, and refuses less`, async () => {
        parameters = ledger.scope('parameters', () => parameterTensors(model));
        const few = madeUpBatch(model, 8, 3);
        const least = leastBudget(model, await scaledFigures(model, lentTensors(parameters), few, 20));
        dispose([...few.inputs, few.labels]);
        const { activationBytes: most } = await taken(model, { kind: 'none' }, 20);
        assert.ok(least < 0.9 * most, `${least} of ${most}`);
        for (const bytes of [least, Math.round((least + most) / 2), most]) {
          const found = await taken(model, { kind: 'budget', bytes }, 20);
          assert.ok(found.activationBytes <= bytes, `${found.activationBytes} of ${bytes}`);
          if (bytes === least) assert.ok(found.recomputedFlops! > 0);
          if (bytes === most) assert.equal(found.recomputedFlops, 0);
        }
        await assert.rejects(taken(model, { kind: 'budget', bytes: least - 1 }, 20), RecomputeError);
      });
    }
  });
}
