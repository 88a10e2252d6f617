import assert from 'node:assert/strict';
import { dispose, memory, mul, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import type { BatchSource, Share } from '../../../src/gradients/gradientSource';
import { lentTensors } from '../../../src/gradients/lentTensors';
import { withMicrobatches } from '../../../src/gradients/microbatches';
import { tapeGradients } from '../../../src/gradients/tape';
import { Ledger } from '../../../src/memory/ledger';
import { chain } from '../../../src/models/chain';
import { convolution, dense, flatten, maxPooling } from '../../../src/models/chainLayers';
import { sizeOf } from '../../../src/models/model';
import { assertClose } from '../../support/assertClose';
import { assets } from '../../support/assets';
import { madeUpSource, parameterTensors } from '../../support/modelRun';

const model = chain('convnet', [8, 8, 1], [convolution('a', 1, 3, 3), maxPooling('b', 2), flatten('c'), dense('d', 48, 20, 'relu'), dense('e', 20, 3, 'linear')]);
const examples = 23;

async function stepOf(ledger: Ledger, parameters: readonly Tensor[], batch: BatchSource, size: number | null, lossScale = 1) {
  const gradients = model.parameters.map(({ shape }) => new Float64Array(sizeOf(shape)));
  const shares: Share[] = [];
  const evaluation = await withMicrobatches(ledger, tapeGradients(ledger), () => size)({
    model, weights: lentTensors(parameters), batch, seed: 1, lossScale,
    receive: (parameter, gradient, share) => {
      if (parameter === 0) shares.push(share);
      gradient.dataSync().forEach((value, at) => { gradients[parameter]![at]! += share.weight * value / lossScale; });
    },
  });
  return { ...evaluation, gradients, shares };
}

describe('gradients: microbatches', () => {
  let ledger: Ledger;
  let parameters: Tensor[];
  const batch = madeUpSource(model, examples, 3);
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => {
    ledger = new Ledger();
    parameters = ledger.scope('parameters', () => parameterTensors(model));
  });
  afterEach(() => {
    dispose(parameters);
    ledger.stop();
  });

  for (const size of [1, 2, 5, 22, 23, 50]) {
    it(`of ${size} add up to the gradient of the batch of ${examples}, and its loss; nothing is left behind`, async () => {
      const whole = await stepOf(ledger, parameters, batch, null);
      const [tensors, live] = [memory().numTensors, ledger.live()];
      const cut = await stepOf(ledger, parameters, batch, size);
      assert.deepEqual([memory().numTensors, ledger.live()], [tensors, live]);
      assert.ok(Math.abs(cut.loss - whole.loss) <= 1e-6 * whole.loss);
      assert.equal(cut.correct, whole.correct);
      cut.gradients.forEach((gradient, index) => { assertClose(gradient, whole.gradients[index]!, 1e-6, `parameter ${index}`); });
      const slices = Math.ceil(examples / size);
      assert.deepEqual(cut.shares.map(({ first, last }) => [first, last]), Array.from({ length: slices }, (_, index) => [index === 0, index === slices - 1]));
      assert.ok(Math.abs(cut.shares.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-12);
    });
  }

  it('take as much for examples and activations as the largest slice', async () => {
    const peakOf = async (size: number | null) => {
      ledger.takePeak();
      await stepOf(ledger, parameters, batch, size);
      const { storedPeak, most } = ledger.takePeak();
      return { data: storedPeak!.data, activations: most!.activations };
    };
    const [one, five, whole] = [await peakOf(1), await peakOf(5), await peakOf(null)];
    assert.deepEqual([one.data, five.data, whole.data], [4 * 65, 5 * 4 * 65, examples * 4 * 65]);
    assert.deepEqual([five.activations, whole.activations], [5 * one.activations, examples * one.activations]);
  });

  it('weigh slices as the batch says, by tokens for instance', async () => {
    // The first example counts as nine others do.
    const weighed: BatchSource = { ...batch, weigh: (from, to) => to - from + (from === 0 ? 8 : 0) };
    const { shares } = await stepOf(ledger, parameters, weighed, 10);
    assert.deepEqual(shares.map(({ weight }) => weight), [18 / 31, 10 / 31, 3 / 31]);
  });

  it('hand over gradients times the loss scale', async () => {
    const [plain, scaled] = [await stepOf(ledger, parameters, batch, 5), await stepOf(ledger, parameters, batch, 5, 1024)];
    assert.equal(scaled.loss, plain.loss);
    scaled.gradients.forEach((gradient, index) => { assertClose(gradient, plain.gradients[index]!, 1e-6, `parameter ${index}`); });
  });

  it('end with the first slice whose loss is no number', async () => {
    let made = 0;
    const broken: BatchSource = {
      examples, make: (from, to) => {
        made++;
        const { inputs, labels } = batch.make(from, to);
        if (from !== 10) return { inputs, labels };
        const [input] = inputs as [Tensor];
        const infinite = mul(input, Number.NaN);
        input.dispose();
        return { inputs: [infinite], labels };
      },
    };
    const { loss } = await stepOf(ledger, parameters, broken, 5);
    assert.ok(Number.isNaN(loss));
    assert.equal(made, 3);
  });
});

