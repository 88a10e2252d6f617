import assert from 'node:assert/strict';
import { loadBackend } from '../../../src/backends/loadBackend';
import { DenseWeights } from '../../../src/gradients/denseWeights';
import { Ledger } from '../../../src/memory/ledger';
import { chain } from '../../../src/models/chain';
import { dense } from '../../../src/models/chainLayers';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { noBytes, threeWay } from '../../../src/protocol/samples';
import { peakOf } from '../../../src/protocol/snapshot/peak';
import { rank, nameOf } from '../../../src/protocol/snapshot/ranking';
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { torchBytes } from '../../../src/protocol/snapshot/torchCategories';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { HostPlacement } from '../../../src/trainer/hostPlacement';
import { MemoryPlan } from '../../../src/trainer/memoryPlan';
import { recordStep } from '../../../src/trainer/recordStep';
import { Stepper } from '../../../src/trainer/stepper';
import { assets } from '../../support/assets';
import { madeUpSource } from '../../support/modelRun';
import { peakByDefinition } from '../../support/snapshotPeak';

const float = 4;
const [examples, inputs, hidden, classes] = [5, 3, 4, 2];
const model = chain('tiny', [inputs], [dense('first', inputs, hidden, 'relu'), dense('second', hidden, classes, 'linear')]);
const settings: Settings = { ...defaultsFor('sgd'), optimizer: 'sgd', momentum: 0.9, batchSize: examples };

/** Weights and biases of both layers: 12 + 4 + 8 + 2 numbers. */
const parameters = float * 26;
/** The peak is in the loss, when the negative of the mean logarithm is there and nothing of it has died yet. */
const wanted = {
  ...noBytes(),
  parameters,
  /** The flat vector, and one velocity. */
  gradients: parameters, optimizerState: parameters,
  /** What `first` made, for the ReLU's mask and the gradient of second/kernel; the probabilities, for the gradient of the loss. */
  activations: float * examples * hidden + float * examples * classes,
  /** Examples, and int32 labels. */
  data: float * examples * inputs + float * examples,
  /** The logits; labels one-hot, in float32, times the probabilities; their sums, with epsilon, and the logarithms; the mean and its negative. */
  workspace: float * (examples * classes * (1 + 3) + examples * 3 + 2),
};

describe('trainer: a step whose bytes are counted by hand', () => {
  let snapshot: StepSnapshot;
  let ofLedger: ReturnType<Ledger['takePeak']>;
  before(async () => {
    const backend = await loadBackend('wasm', { assets });
    const ledger = new Ledger();
    const placement = new HostPlacement(createOptimizer(settings, model.parameters), new DenseWeights(ledger, model, 1), model.parameters, backend, ledger);
    const stepper = new Stepper(model, ledger, new MemoryPlan(ledger, model, settings).source, placement, 1);
    const batch = madeUpSource(model, examples, classes);
    await stepper.run(batch, 1);
    ledger.takePeak();
    const recording = recordStep({ ledger, placement, model, backend });
    await stepper.run(batch, 2);
    snapshot = recording.end()({ step: 2, examples, settings, reason: 'asked' });
    ofLedger = ledger.takePeak();
    stepper.dispose();
    ledger.stop();
  });

  it('has 740 bytes at its peak, in the ledger, in the snapshot and by definition', () => {
    assert.deepEqual(wanted, { ...noBytes(), parameters: 104, gradients: 104, optimizerState: 104, activations: 120, data: 80, workspace: 228 });
    const peak = peakOf(snapshot);
    assert.deepEqual([peak.total, peak.bytes, peak.phase], [740, wanted, 'forward']);
    assert.deepEqual([ofLedger.peakBytes, ofLedger.bytesAtPeak, ofLedger.peakPhase], [740, wanted, 'forward']);
    const defined = peakByDefinition(snapshot);
    assert.deepEqual([defined.peakBytes, defined.bytesAtPeak], [740, wanted]);
  });

  it('in the view of the paper: model, optimizer, activations, and what stands beside', () => {
    assert.deepEqual(threeWay(peakOf(snapshot).bytes), { model: 104, optimizer: 208, activations: 120, beside: 308 });
  });

  it('in the categories of PyTorch', () => {
    assert.deepEqual(torchBytes(peakOf(snapshot).bytes), {
      'Parameter': 104, 'Optimizer state': 104, 'Input': 80, 'Temporary': 228, 'Activation': 120, 'Gradient': 104, 'Autograd detail': 0, 'Unknown': 0,
    });
  });

  it('by layer: each has what was made for it', () => {
    const rows = rank(peakOf(snapshot), 'layer').map(({ key, bytes }) => [nameOf(snapshot, 'layer', key), bytes]);
    assert.deepEqual(Object.fromEntries(rows), {
      'first/kernel': 48, 'first/bias': 16, 'second/kernel': 32, 'second/bias': 8, 'stored gradients': 104, 'optimizer state': 104,
      'input input': 60, 'labels': 20, 'first': 80, 'second': 40, 'loss': 40 + 228 - 40,
    });
  });
});
