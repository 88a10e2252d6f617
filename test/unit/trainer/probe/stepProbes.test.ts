import assert from 'node:assert/strict';
import { segmentsOf } from '../../../../src/gradients/recompute/policies';
import type { Settings } from '../../../../src/settings/knobs';
import { resolveSettings } from '../../../../src/settings/validate';
import { Estimator } from '../../../../src/trainer/estimate/estimator';
import type { PassWay } from '../../../../src/trainer/probe/passProbe';
import { assets } from '../../../support/assets';

describe('times of the parts of a step', function () {
  this.timeout(60_000);
  // What else the machine does makes a time longer now and then, but not each time.
  this.retries(3);
  let estimator: Estimator;
  beforeEach(() => { estimator = new Estimator({ assets }); });
  afterEach(() => { estimator.dispose(); });
  const images = resolveSettings({ model: 'wrn-10-1', optimizer: 'sgd', momentum: 0.9, batchSize: 8, backend: 'wasm' });
  const waysOf = async (settings: Settings): Promise<Record<'plain' | 'half' | 'block' | 'sqrt', PassWay>> => {
    const { model } = await estimator.modelCosts(settings);
    const of = (kind: 'none' | 'block' | 'sqrt', activationPrecision: Settings['activationPrecision'] = 'float32') => ({ segments: segmentsOf(model, { kind }), activationPrecision });
    return { plain: of('none'), half: of('none', 'float16'), block: of('block'), sqrt: of('sqrt') };
  };

  it('are shares of plain passes, to which recomputation always adds; what nobody asked for has none', async () => {
    const { plain, half, block, sqrt } = await waysOf(images);
    const times = await estimator.stepTimes(images, { ways: [plain, half, block], stores: [] });
    assert.ok(times.plain.fixedMs >= 0 && times.plain.msAnExample > 0);
    assert.equal(times.share(plain), 1);
    assert.ok(times.share(half)! > 0.3 && times.share(half)! < 3 && times.share(block)! > 1 && times.share(block)! < 3, `${times.share(half)} ${times.share(block)}`);
    assert.deepEqual([times.share(sqrt), times.store({ ...images, weightDensity: 0.1 })], [undefined, undefined]);
  });

  it('are measured once: a later question costs only what is new in it', async () => {
    const { plain, half, block, sqrt } = await waysOf(images);
    const stores = [images, { ...images, weightDensity: 0.1 }];
    const first = await estimator.stepTimes(images, { ways: [plain, half, block], stores });
    const told: string[] = [];
    const again = await estimator.stepTimes(images, { ways: [plain, half, block], stores }, { progress: () => { told.push('measured'); } });
    for (const way of [plain, half, block]) assert.equal(again.share(way), first.share(way));
    for (const store of stores) assert.deepEqual(again.store(store), first.store(store));
    assert.deepEqual([told, again.plain], [[], first.plain]);
    assert.ok((await estimator.stepTimes(images, { ways: [sqrt], stores: [] })).share(sqrt)! > 1);
  });

  it('tell what a way to store costs: lending only where parameters are not there as tensors, and updates of each of their kinds', async () => {
    const [dense, sparse, fused] = [images, { ...images, weightDensity: 0.1 }, { ...images, fusedUpdate: true }];
    const { store } = await estimator.stepTimes(images, { ways: [], stores: [dense, sparse, fused] });
    assert.ok(store(sparse)!.lendMs > 2 * store(dense)!.lendMs);
    for (const settings of [dense, sparse, fused]) for (const ms of Object.values(store(settings)!)) assert.ok(Number.isFinite(ms) && ms >= 0);
    assert.ok(store(fused)!.collectMs > store(fused)!.updateMs, 'a fused update is made when the gradient arrives');
  });

  it('tell what a window costs, from a few rows, and what matrices do', async () => {
    const settings = resolveSettings({ model: 'mlp', optimizer: 'sparse-mfac', window: 1024, backend: 'wasm' });
    const stores = [settings, { ...settings, window: 16 }];
    let { store } = await estimator.stepTimes(settings, { ways: [], stores });
    // On a busy machine there is not time for all at once.
    for (let times = 0; times < 10 && stores.some(each => store(each) === undefined); times++) ({ store } = await estimator.stepTimes(settings, { ways: [], stores }));
    assert.ok(store(settings)!.updateMs > store({ ...settings, window: 16 })!.updateMs);
    const sided = resolveSettings({ model: 'mlp', optimizer: 'shampoo', backend: 'wasm' });
    assert.ok((await estimator.stepTimes(sided, { ways: [], stores: [sided] })).store(sided)!.updateMs > 0);
  });

  it('end when they are told to', async () => {
    const { block } = await waysOf({ ...images, seed: 5 });
    const controller = new AbortController();
    await assert.rejects(estimator.stepTimes({ ...images, seed: 5 }, { ways: [block], stores: [] }, { signal: controller.signal, progress: () => { controller.abort(); } }), { name: 'AbortError' });
  });
});
