import assert from 'node:assert/strict';
import { loadBackend } from '../../src/backends/loadBackend';
import { setUpTraining } from '../../src/bench/memory/trainingSetup';
import { batchPlan, evaluationBatches } from '../../src/data/batchPlan';
import { noAugmentation } from '../../src/data/moves';
import { splitOf } from '../../src/data/split';
import { loadText } from '../../src/data/text/loadText';
import { Ledger } from '../../src/memory/ledger';
import { namedModel } from '../../src/models/namedModel';
import { defaultsFor } from '../../src/settings/knobs';
import { EvaluationSum } from '../../src/trainer/evaluationSum';
import { madeForData } from '../../src/trainer/runParts';
import { assets } from '../support/assets';

const epochs = 4;
const recipe = { model: 'bert-tiny', data: 'message-kinds', optimizer: 'adamw', learningRate: 5e-4, schedule: 'linear', warmupSteps: 20, merges: 1000, maxTokens: 64, batchSize: 32 } as const;

describe('a BERT from scratch on kinds of messages', function () {
  this.timeout(3_600_000);

  it('tells messages it has not seen apart, far better than the larger class alone would', async () => {
    const backend = await loadBackend('wasm', { assets });
    for (const seed of [1, 2, 3]) {
      const settings = { ...defaultsFor('adamw'), ...recipe, seed };
      const dataset = await loadText(settings, assets);
      const ledger = new Ledger();
      try {
        const { train, validation } = splitOf(dataset, 0.1, seed);
        const plan = batchPlan(dataset, train, { ...settings, augmentation: noAugmentation });
        const { stepper } = setUpTraining(await namedModel(recipe.model, madeForData(dataset), settings), settings, backend, ledger, assets, epochs * plan.batches);
        let step = 0;
        for (let epoch = 0; epoch < epochs; epoch++) for (const batch of plan.epoch(epoch)) await stepper.run(batch, ++step);
        const sum = new EvaluationSum();
        for (const batch of evaluationBatches(dataset, validation, settings)) sum.add(await stepper.evaluate(batch));
        stepper.dispose();
        const labels = dataset.make(validation).labels.values;
        const errors = labels.filter(label => label === 0).length / labels.length;
        const { accuracy = 0 } = sum.mean();
        console.log(`seed ${seed}: ${(100 * accuracy).toFixed(1)} % of ${labels.length} are right; ${(100 * Math.max(errors, 1 - errors)).toFixed(1)} % are of the larger class`);
        assert.ok(accuracy > Math.max(errors, 1 - errors) + 0.15, String(accuracy));
      } finally {
        ledger.stop();
        dataset.close();
      }
    }
  });
});
