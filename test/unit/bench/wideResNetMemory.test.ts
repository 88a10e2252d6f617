import assert from 'node:assert/strict';
import { dispose } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { madeFor, madeUpExamples } from '../../../src/bench/memory/madeUpExamples';
import { predictedTotal } from '../../../src/bench/memory/predictedTotal';
import { imageSettings, imageTechniques } from '../../../src/bench/memory/techniques';
import { DenseWeights } from '../../../src/gradients/denseWeights';
import type { ModelFigures } from '../../../src/gradients/recompute/figures';
import { segmentsOf } from '../../../src/gradients/recompute/policies';
import { scaledFigures } from '../../../src/gradients/recompute/scaledFigures';
import { predictedActivationBytes, recomputedFlops } from '../../../src/gradients/recompute/stepBytes';
import { Ledger } from '../../../src/memory/ledger';
import type { Model } from '../../../src/models/model';
import { visionModel } from '../../../src/models/vision/visionModel';
import { defaultsFor } from '../../../src/settings/knobs';
import { assets } from '../../support/assets';

/** Nothing of this size is held here: figures are measured with four images at most. That a step holds as much is measured by the nightly tests. */
describe('WRN-28-2 with a batch of 100, as predicted', function () {
  this.timeout(60_000);
  let model: Model;
  let figuresOf: (examples: number) => Promise<ModelFigures>;
  let close: () => void;

  before(async () => {
    await loadBackend('wasm', { assets });
    const ledger = new Ledger();
    model = await visionModel('wrn-28-2', madeFor('wrn-28-2'), 1);
    const weights = new DenseWeights(ledger, model, 1);
    const few = madeUpExamples('wrn-28-2')(4, 1).make(0, 4);
    const known = new Map<number, ModelFigures>();
    figuresOf = async examples => {
      const figures = known.get(examples) ?? await scaledFigures(model, weights, few, examples);
      known.set(examples, figures);
      return figures;
    };
    close = () => {
      dispose([...few.inputs, few.labels]);
      weights.dispose();
      ledger.stop();
    };
  });
  after(() => { close(); });

  const settingsOf = (name: string) => ({ ...defaultsFor('sgd'), ...imageSettings, batchSize: 100, ...imageTechniques.find(technique => technique.name === name)!.settings });

  it('stores 953,482 numbers an image, the input among them, and statistics of batch normalisation beside', async () => {
    const figures = await figuresOf(100);
    const { stored, peak } = predictedActivationBytes(model, segmentsOf(model, { kind: 'none' }), figures);
    const input = 4 * 100 * 3072;
    // Mean and variance of 1,808 channels; the logits are what the loss keeps of them.
    assert.equal(stored + input, 4 * (100 * (953_482 - 10) + 2 * 1808));
    assert.ok(Math.abs(peak + input - 387_946_400) < 0.001 * 387_946_400, `${peak + input}`);
  });

  it('totals at most 405.6 MB without techniques, and at least 60.7 times less with the best of them', async () => {
    const baseline = predictedTotal(model, settingsOf('baseline'), await figuresOf(100));
    assert.ok(baseline <= 405.6e6 && baseline > 404e6, `${baseline}`);
    const best = predictedTotal(model, settingsOf('sparse-70+half+microbatch-4+block'), await figuresOf(4));
    assert.ok(best <= 6.68e6 && baseline / best >= 60.7, `${best}`);
  });

  it('recomputed per block holds at most 126 MB of activations, for at most 16 % more operations', async () => {
    const figures = await figuresOf(100);
    const segments = segmentsOf(model, { kind: 'block' });
    assert.equal(segments.length, 13, 'twelve blocks, and what follows them');
    assert.ok(predictedActivationBytes(model, segments, figures).peak + figures.batchBytes <= 126e6);
    const convolutions = { ...figures, nodes: figures.nodes.map((node, index) => ({ ...node, flops: model.nodes[index]!.name.includes('bn') || model.nodes[index]!.inputs.length > 1 ? 0 : node.flops })) };
    const step = 3 * convolutions.nodes.reduce((sum, { flops }) => sum + flops, 0);
    // The first convolution of each block, and the stem's.
    assert.ok(Math.abs(recomputedFlops(model, segments, convolutions) / step - 0.1548) < 0.0005, `${recomputedFlops(model, segments, convolutions) / step}`);
  });
});
