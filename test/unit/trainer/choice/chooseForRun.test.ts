import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { candidatesAt } from '../../../../src/backends/candidates';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { chooseForRun, type ChosenBackend } from '../../../../src/trainer/choice/chooseForRun';
import { keyOf, remember } from '../../../../src/trainer/choice/choiceCache';
import { defaults } from '../../../../src/settings/knobs';
import { assets } from '../../../support/assets';
import { FakeWorkspace, registering, training } from '../../../support/fakeWorkspace';
import { bareAssets } from '../../../support/bareAssets';

describe('trainer: choosing the backend of a run', function () {
  this.timeout(120_000);
  let workspace: FakeWorkspace;
  let cache: string;
  const cacheBefore = process.env['EFCP_CACHE_HOME'];
  beforeEach(() => {
    workspace = new FakeWorkspace();
    cache = mkdtempSync(path.join(tmpdir(), 'efcp-cache-'));
    process.env['EFCP_CACHE_HOME'] = cache;
  });
  afterEach(async () => {
    await loadBackend('cpu', { assets });
    workspace.remove();
    rmSync(cache, { recursive: true });
    process.env['EFCP_CACHE_HOME'] = cacheBefore;
  });

  /** What it says while it chooses, and what it chooses, where no WebGPU lies beside it. */
  async function choose(stop = new AbortController().signal, fresh = false): Promise<{ readonly told: string[]; readonly backend: ChosenBackend }> {
    const told: string[] = [];
    const choosing = chooseForRun({ ...defaults, backend: 'auto', batchSize: 256 }, { assets: bareAssets(), workspace: workspace.folder }, stop, { fresh });
    for (;;) {
      const step = await choosing.next();
      if (step.done === true) return { told, backend: step.value };
      told.push(step.value);
    }
  }

  it('measures nothing where only the embedded backend is here', async () => {
    const { told, backend } = await choose();
    assert.deepEqual(told, []);
    assert.equal(backend.name, 'wasm');
    assert.match(backend.reason, /^embedded; nothing faster/);
  });

  it('takes the faster one by the clock, says so, and remembers it', async () => {
    workspace.install('tfjs-node', training);
    const { told, backend } = await choose();
    assert.deepEqual(told, ['measuring tensorflow with mlp, batch 256', 'measuring wasm with mlp, batch 256']);
    assert.equal(backend.name, 'wasm', 'plain JavaScript under the name of TensorFlow is slower');
    assert.match(backend.reason, /^the fastest of 2 here with mlp, batch 256: wasm [\d.]+ ms a step, tensorflow [\d.]+ ms$/);
    assert.deepEqual(backend.alternatives?.map(({ name }) => name), ['wasm', 'tensorflow']);
    assert.ok(backend.alternatives.every(({ stepMs }) => stepMs !== undefined && stepMs > 0));
    const again = await choose();
    assert.deepEqual(again.told, []);
    assert.deepEqual(again.backend.alternatives, backend.alternatives);
    assert.equal((await choose(undefined, true)).told.length, 2, 'measured anew when that is asked for');
    workspace.install('tfjs-node', `${training} // another`, '4.21.0');
    assert.equal((await choose()).told.length, 2, 'measured anew when another is installed');
  });

  it('measures anew where the hardware is another than it was', async () => {
    workspace.install('tfjs-node', training);
    const place = { assets: bareAssets(), workspace: workspace.folder };
    const { model, data } = defaults;
    remember(keyOf(candidatesAt(place), { model, data, batchSize: 256 }), [{ name: 'tensorflow', device: 'a GPU that is gone', stepMs: 0.1 }, { name: 'wasm', stepMs: 1 }]);
    const { told, backend } = await choose();
    assert.equal(told.length, 2);
    assert.equal(backend.name, 'wasm');
    assert.doesNotMatch(backend.reason, /gone/);
  });

  const broken: readonly (readonly [how: string, code: string, reason: RegExp])[] = [
    ['does not load', "throw new Error('libcudart.so.11.0: cannot open shared object file')", /left out: tensorflow \(.*does not load: libcudart/],
    ['takes its process down', 'process.abort()', /left out: tensorflow \(its process gave no answer: it was ended by SIGABRT/],
    ['ends its process', 'process.exit(7)', /its process gave no answer: it ended with exit code 7/],
    ['computes nonsense', `${training}\nconst whole = kernels.get('tensorflow_BatchMatMul');\nkernels.set('tensorflow_BatchMatMul', { ...whole, kernelFunc: given => kernels.get('tensorflow_ZerosLike').kernelFunc({ ...given, inputs: { x: whole.kernelFunc(given) } }) });`, /left out: tensorflow \(It computes a wrong product: 0, 0\)/],
    ['cannot train', registering, /left out: tensorflow \(.*not registered/],
  ];
  for (const [how, code, reason] of broken) {
    it(`leaves out a backend that ${how}, with the reason`, async () => {
      workspace.install('tfjs-node-gpu', code);
      const { told, backend } = await choose();
      assert.equal(told.length, 1, 'the embedded one need not be measured alone');
      assert.equal(backend.name, 'wasm');
      assert.match(backend.reason, reason);
    });
  }

  it('is given up as soon as the run is to stop, and leaves no process behind', async () => {
    workspace.install('tfjs-node', 'for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);');
    const stop = new AbortController();
    const choosing = choose(stop.signal);
    setTimeout(() => { stop.abort(); }, 500);
    await assert.rejects(choosing, { name: 'AbortError' });
  });
});
