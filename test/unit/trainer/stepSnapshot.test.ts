import assert from 'node:assert/strict';
import { sumBytes } from '../../../src/protocol/samples';
import { decodeSnapshot } from '../../../src/protocol/snapshot/decodeSnapshot';
import { encodeSnapshot } from '../../../src/protocol/snapshot/encodeSnapshot';
import { bufferTypes, eventKinds, type StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { defaults, defaultsFor, type Settings } from '../../../src/settings/knobs';
import { InputError } from '../../../src/settings/problem';
import { profileStep } from '../../../src/trainer/profileStep';
import { assets } from '../../support/assets';
import { moduleFolder } from '../../support/ownModule';
import { peakByDefinition } from '../../support/snapshotPeak';

const ownModule = `export function createModel(tf) {
  class Gate extends tf.layers.Layer {
    static get className() { return 'Gate'; }
    computeOutputShape(shape) { return shape; }
    call(inputs) { const x = inputs[0] ?? inputs; return tf.mul(x, tf.sigmoid(x)); }
  }
  const input = tf.input({ shape: [784] });
  const wide = tf.layers.dense({ units: 32, name: 'wide' }).apply(input);
  const gated = new Gate({ name: 'gate' }).apply(wide);
  const model = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 10, activation: 'softmax', name: 'out' }).apply(gated) });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  return model;
}
`;

const run = { backend: 'wasm', epochs: 1, batchSize: 16, window: 4 } as const;
const sgd: Settings = { ...defaultsFor('sgd'), ...run, optimizer: 'sgd', momentum: 0.9 };
const adamw: Settings = { ...defaultsFor('adamw'), ...run, optimizer: 'adamw' };
const text = { ...adamw, model: 'dynamicconv-tiny', data: 'messages', merges: 300, maxTokens: 30, batchTokens: 300 } as const;

const variants: Readonly<Record<string, Partial<Settings>>> = {
  'mlp': {},
  'mlp on cpu': { backend: 'cpu' },
  'mlp, its first step, which diagnostics watch': {},
  'mlp with the state on the device': { ...adamw, placement: 'device' },
  'mlp in slices': { ...sgd, microbatch: 5 },
  'convnet': { model: 'convnet' },
  'convnet recomputed': { ...adamw, model: 'convnet', recompute: 'sqrt' },
  'convnet with activations in two bytes': { ...sgd, model: 'convnet', activationPrecision: 'float16' },
  'convnet all in float16': { ...sgd, model: 'convnet', activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16' },
  'convnet of sparse weights': { ...sgd, model: 'convnet', weightDensity: 0.3 },
  'convnet with a fused update': { ...sgd, model: 'convnet', fusedUpdate: true },
  'wrn-10-1': { ...sgd, model: 'wrn-10-1' },
  'wrn-10-1 with everything': { ...sgd, model: 'wrn-10-1', recompute: 'block', microbatch: 4, activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16', weightDensity: 0.3 },
  'dynamicconv-tiny': text,
  'dynamicconv-tiny recomputed in slices': { ...text, recompute: 'block', microbatch: 8, activationPrecision: 'bfloat16' },
  'a module': { ...sgd, model: 'module' },
  'a module recomputed': { ...adamw, model: 'module', recompute: 'every', recomputeEvery: 1 },
};

const textsOf = ({ texts, buffers }: StepSnapshot, column: 'layer' | 'operation' | 'source') => Array.from(buffers[column], text => texts[text]!);

describe('trainer: a step recorded allocation by allocation', () => {
  const modules = moduleFolder();
  const module = modules.write(ownModule);
  after(() => { modules.remove(); });
  const profile = (changed: Partial<Settings>, step = 2) => profileStep({ ...defaults, ...run, ...changed, ...(changed.model === 'module' ? { module } : {}) }, { assets }, step);

  for (const [name, changed] of Object.entries(variants)) {
    it(`has the ledger's peak and categories, to the byte: ${name}`, async () => {
      const { snapshot, peak } = await profile(changed, name.includes('first step') ? 1 : 2);
      const found = peakByDefinition(snapshot);
      assert.deepEqual([found.peakBytes, found.peakPhase, found.bytesAtPeak], [peak.peakBytes, peak.peakPhase, peak.bytesAtPeak]);
      assert.equal(sumBytes(found.bytesAtPeak), peak.peakBytes);
      checkStory(snapshot);
      const named = textsOf(snapshot, 'layer');
      assert.deepEqual(found.buffers.filter(buffer => named[buffer] === ''), [], 'all that lives at the peak is somebody\'s');
      assert.deepEqual(decodeSnapshot(encodeSnapshot(snapshot)).buffers, snapshot.buffers);
    });
  }

  /** Every buffer comes once, dies at most once and last, and time goes on. */
  function checkStory({ buffers, events }: StepSnapshot): void {
    const alive = new Set<number>();
    let come = 0;
    for (let at = 0; at < events.kind.length; at++) {
      const [kind, buffer] = [eventKinds[events.kind[at]!]!, events.buffer[at]!];
      if (kind === 'there' || kind === 'born') {
        assert.equal(buffer, come++, 'buffers are numbered in the order of birth');
        alive.add(buffer);
      } else assert.ok(alive.has(buffer), `event ${at} is of a buffer that is not there`);
      if (kind === 'died') alive.delete(buffer);
      if (at > 0) assert.ok(events.time[at]! >= events.time[at - 1]!);
    }
    assert.equal(come, buffers.bytes.length);
    assert.ok(Array.from(buffers.bytes).every((bytes, at) => Number.isInteger(bytes) && (bytes > 0 || buffers.type[at] === bufferTypes.indexOf('string'))));
  }

  it('says what each buffer is: layers forward and backward, loss, examples, parameters, state and update', async () => {
    const { snapshot } = await profile({ model: 'convnet' });
    const layers = new Set(textsOf(snapshot, 'layer'));
    for (const name of ['input', 'labels', 'loss', 'conv1', 'pool1', 'dense', 'dense/kernel', 'optimizer state', 'stored gradients']) assert.ok([...layers].some(layer => layer === name || layer.startsWith(`${name} `)), `${name} is not among ${[...layers].join(', ')}`);
    const operations = new Set(textsOf(snapshot, 'operation'));
    for (const kernel of ['Conv2D', 'MaxPool', 'Softmax', 'MaxPoolGrad', 'Conv2DBackpropFilter']) assert.ok(operations.has(kernel), `${kernel} is not among ${[...operations].join(', ')}`);
    assert.ok(textsOf(snapshot, 'source').every(source => source === ''), 'a built-in model is not the user\'s code');
  });

  it('knows the lines of the user\'s module', async () => {
    const { snapshot } = await profile({ model: 'module' });
    const [layers, sources] = [textsOf(snapshot, 'layer'), textsOf(snapshot, 'source')];
    for (const [layer, line] of [['wide', 8], ['gate', 9], ['out', 10]] as const) {
      const lines = new Set(layers.flatMap((name, at) => (name === layer ? [sources[at]] : [])));
      assert.deepEqual([...lines], [`${module}:${line}`], layer);
    }
  });

  it('tells the same story every time', async () => {
    const [first, second] = [await profile({ model: 'convnet' }, 3), await profile({ model: 'convnet' }, 3)];
    const told = ({ texts, buffers, events: { kind, buffer, category, phase } }: StepSnapshot) => ({ texts, buffers, kind, buffer, category, phase });
    assert.deepEqual(told(second.snapshot), told(first.snapshot));
  });

  it('refuses a step that the run does not have', async () => {
    await assert.rejects(profile({}, 1_000_000), (error: unknown) => error instanceof InputError && /^step is 1000000, but the run has \d+ steps in all/.test(error.problems[0]!.message));
  });
});
