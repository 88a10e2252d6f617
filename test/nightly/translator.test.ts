import assert from 'node:assert/strict';
import { loadBackend } from '../../src/backends/loadBackend';
import type { Backend } from '../../src/backends/backend';
import { setUpTraining } from '../../src/bench/memory/trainingSetup';
import { batchPlan, evaluationBatches } from '../../src/data/batchPlan';
import type { Dataset } from '../../src/data/dataset';
import { noAugmentation } from '../../src/data/moves';
import { splitOf } from '../../src/data/split';
import { loadText } from '../../src/data/text/loadText';
import { translate, usualTranslation } from '../../src/decoding/translate';
import { corpusBleu } from '../../src/evaluation/bleu';
import { Inference } from '../../src/gradients/inference';
import { Ledger } from '../../src/memory/ledger';
import { namedModel } from '../../src/models/namedModel';
import { defaultsFor, type Settings } from '../../src/settings/knobs';
import { EvaluationSum } from '../../src/trainer/evaluationSum';
import { madeForData } from '../../src/trainer/runParts';
import { assets } from '../support/assets';

const recipe = { model: 'dynamicconv-tiny', data: 'messages', optimizer: 'adamw', learningRate: 2e-3, beta2: 0.98, schedule: 'linear', warmupSteps: 50, merges: 1000, maxTokens: 60, batchTokens: 1500 } as const;

describe('the small translator on German messages', function () {
  this.timeout(3_600_000);
  let backend: Backend;
  let dataset: Dataset;
  before(async () => {
    backend = await loadBackend('wasm', { assets });
    dataset = await loadText({ ...defaultsFor('adamw'), ...recipe }, assets);
  });
  after(() => { dataset.close(); });

  it('learns a hundred pairs by heart: BLEU above 90', async () => {
    const { train } = splitOf(dataset, 0.1, 1);
    const some = train.slice(0, 100);
    const { bleu, loss } = await trained(some, some, 200, { batchTokens: 600, dropout: 0, attentionDropout: 0, weightDropout: 0 });
    console.log(`BLEU ${bleu.toFixed(1)} and loss ${loss.toFixed(3)} on the pairs it was trained on`);
    assert.ok(bleu > 90, `${bleu}`);
  });

  it('translates messages it has not seen better than their copies would', async () => {
    const { train, validation } = splitOf(dataset, 0.1, 1);
    const { bleu, loss } = await trained(train, validation, 30, { labelSmoothing: 0.1 });
    const { source } = dataset.text!;
    const copies = [...validation].map(example => source.words!(source.encode(dataset.text!.sourceLine(example))));
    const copied = corpusBleu(copies, [referencesOf(validation)], { tokenization: 'none' }).score;
    console.log(`BLEU ${bleu.toFixed(1)} and loss ${loss.toFixed(3)} on held-out pairs; copying the source has ${copied.toFixed(1)}`);
    assert.ok(bleu > copied + 5, `${bleu} against ${copied}`);
  });

  /** Trains on some examples, and translates others. */
  async function trained(train: Uint32Array, judged: Uint32Array, epochs: number, further: Partial<Settings>): Promise<{ bleu: number; loss: number }> {
    const settings = { ...defaultsFor('adamw'), ...recipe, ...further };
    const ledger = new Ledger();
    try {
      const plan = batchPlan(dataset, train, { ...settings, augmentation: noAugmentation });
      const model = await namedModel(recipe.model, madeForData(dataset), settings);
      const { stepper, placement } = setUpTraining(model, settings, backend, ledger, assets, epochs * plan.batches);
      let step = 0;
      for (let epoch = 0; epoch < epochs; epoch++) for (const batch of plan.epoch(epoch)) await stepper.run(batch, ++step);
      const sum = new EvaluationSum();
      for (const batch of evaluationBatches(dataset, judged, settings)) sum.add(await stepper.evaluate(batch));
      const { source, target } = dataset.text!;
      const found = await translate(new Inference(ledger, model, placement.weights, 1), [...judged].map(example => source.encode(dataset.text!.sourceLine(example))), { ...usualTranslation, beam: 2 });
      const hypotheses = found.map(([best]) => target!.words!(best!.tokens));
      stepper.dispose();
      return { bleu: corpusBleu(hypotheses, [referencesOf(judged)], { tokenization: 'none' }).score, loss: sum.mean().loss };
    } finally {
      ledger.stop();
    }
  }

  function referencesOf(examples: Uint32Array): string[] {
    return [...examples].map(example => dataset.text!.targetWords!(example));
  }
});
