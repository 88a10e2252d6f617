/** The techniques that save memory: their knobs, what they report, and what the run stored. */
import assert from 'node:assert/strict';
import type { SampleEvent } from '../../src/protocol/runEvents';
import { storedBytes, threeWay } from '../../src/protocol/samples';
import type { Settings } from '../../src/settings/knobs';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';

const all: Partial<Settings> = {
  optimizer: 'sgd', momentum: 0.9, batchSize: 100, microbatch: 10, recompute: 'block', activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16',
  weightDensity: 0.3, rewireEvery: 20,
};

describe('panel: memory', function () {
  this.timeout(60_000);
  let browser: PanelBrowser;
  let panel: PanelPage;
  let run: PanelRun;
  before(async () => { browser = await PanelBrowser.launch(); });
  after(() => browser.close());
  afterEach(async () => {
    await panel.close();
    assert.deepEqual(panel.problems, []);
  });
  const open = async (settings: Partial<Settings> = {}) => {
    panel = await browser.open();
    run = new PanelRun(settings).start().advance(120);
    await panel.send(run.snapshot());
    await panel.page.locator('[data-fold="memory"] summary').click();
  };
  const row = (name: string) => panel.page.locator(`[data-knob="${name}"]`);
  const fixed = () => panel.page.locator('[data-fold="memory"] .fixed-list');

  it('folds its knobs, and says how they stand', async () => {
    await open();
    assert.equal(await panel.page.locator('[data-fold="memory"] .digest').textContent(), 'nothing saved');
    await panel.send(run.apply({ microbatch: 16, recompute: 'sqrt' }, 1).update());
    assert.equal(await panel.page.locator('[data-fold="memory"] .digest').textContent(), 'microbatch 16, recompute sqrt');
    for (const name of ['microbatch', 'recompute', 'activationPrecision']) assert.equal(await row(name).isVisible(), true, name);
    for (const name of ['recomputeEvery', 'recomputeLayers', 'recomputeBudget']) assert.equal(await row(name).isVisible(), false, name);
    assert.match(await fixed().innerText(), /Fixed for this run\s+Parameter storage\s+float32/);
    assert.doesNotMatch(await fixed().innerText(), /Rewire|First loss scale|Master copy/);
    await panel.page.locator('.fixed summary').click();
    assert.doesNotMatch(await panel.page.locator('.fixed').innerText(), /Parameter storage|Module/);
  });

  it('shows what is read only, and turns it while the run goes on', async () => {
    await open({ batchSize: 128 });
    await row('recompute').locator('select').selectOption('named');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { recompute: 'named' } }]);
    await panel.send(run.apply({ recompute: 'budget' }, 1).advance(1).update());
    assert.equal(await row('recomputeBudget').isVisible(), true);
    assert.match(await row('recomputeBudget').innerText(), /MB/);
    await row('microbatch').locator('input[type=number]').fill('200');
    assert.match(await row('microbatch').innerText(), /Microbatch is a whole number from 1 to 128; empty: the whole batch/);
    await row('microbatch').locator('input[type=number]').fill('32');
    assert.match(await row('microbatch').locator('[data-prediction]').innerText(), /^the whole batch → 32/);
    await row('microbatch').locator('input[type=number]').press('Enter');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { microbatch: 32 } }]);
  });

  it('takes names as a line of text: Enter asks, Escape takes back', async () => {
    await open({ recompute: 'named', recomputeLayers: ['conv1'] });
    const line = row('recomputeLayers').locator('input');
    assert.equal(await line.inputValue(), 'conv1');
    await line.fill('conv1, conv3');
    assert.equal(await row('recomputeLayers').locator('[data-prediction]').innerText(), 'conv1 → conv1, conv3');
    await line.press('Escape');
    assert.equal(await line.inputValue(), 'conv1');
    await line.fill('conv1,  conv3,');
    await line.press('Enter');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { recomputeLayers: ['conv1', 'conv3'] } }]);
    assert.match(await row('recomputeLayers').locator('[data-pending]').innerText(), /^pending conv1 → conv1, conv3/);
    await panel.send(run.await({ recomputeLayers: ['conv1', 'conv3'] }, 1).update());
    await panel.send(run.reject(1, 'There is no layer "conv3".').update());
    assert.equal(await line.inputValue(), 'conv1');
  });

  it('ticks a switch, and unticks it when refused', async () => {
    await open({ optimizer: 'sgd', momentum: 0.9 });
    const box = row('nesterov').locator('input');
    assert.equal(await box.isChecked(), false);
    await box.click();
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { nesterov: true } }]);
    assert.match(await row('nesterov').locator('[data-pending]').innerText(), /^pending off → on/);
    await panel.send(run.reject(1, 'not now').update());
    assert.equal(await box.isChecked(), false);
    await panel.send(run.apply({ momentum: 0 }, 2).update());
    assert.equal(await row('nesterov').isVisible(), false);
  });

  it('shows what was stored at most, in three, with the workspace beside it', async () => {
    await open();
    const stored = run.state.storedPeak!;
    const { model, optimizer, activations, beside } = threeWay(stored);
    assert.deepEqual(await Promise.all(['model', 'optimizer', 'activations', 'total', 'workspace'].map(name => panel.figure(`stored.${name}`))), [model, optimizer, activations, storedBytes(stored), stored.workspace]);
    assert.equal(await panel.figure('stored.beside'), beside - stored.workspace);
    assert.match(await panel.page.locator('[data-figure="stored.model"]').getAttribute('title') ?? '', /^0\.941 MB, 940,584 bytes$/);
    assert.match(await panel.page.locator('.stored-peak [role=img]').getAttribute('aria-label') ?? '', /^Stored at most: Model .*, Activations /);
  });

  it('shows the figures of the techniques that are on, and those of no other', async () => {
    await open();
    for (const name of ['recomputed', 'lossScale', 'skippedSteps', 'rewired']) assert.equal(await panel.page.locator(`[data-figure="${name}"]`).isVisible(), false, name);
    await panel.send(new PanelRun(all, '/all').start().snapshot());
    assert.equal(await panel.text('[data-figure="recomputed"]'), '–');
    run = new PanelRun(all, '/all').start().advance(120);
    await panel.send(run.snapshot());
    assert.equal(await panel.text('[data-figure="recomputed"]'), '15.4 % (27.8 MFLOP on 181 MFLOP)');
    assert.deepEqual(await Promise.all(['lossScale', 'skippedSteps', 'rewired'].map(name => panel.text(`[data-figure="${name}"]`))), ['16,384', '2 of 240', '1,204 connections']);
  });

  it('predicts the bytes of parameters and gradients that are stored otherwise, beside the measured', async () => {
    await open(all);
    const anatomy = () => panel.page.locator('section[aria-label="Optimizer state"]').innerText();
    assert.match(await anatomy(), /Predicted: .*, exactly as measured\.\s+Parameters predicted: .*, exactly as measured\.\s+Gradients predicted: .*, exactly as measured\./);
    await panel.send(new PanelRun({}, '/dense').start().advance(4).snapshot());
    assert.doesNotMatch(await anatomy(), /Parameters predicted/);
  });

  it('opens a recording without them: no stored peak, no accuracy', async () => {
    await open();
    const { points, validations, ...snapshot } = run.snapshot();
    const bare = points.map(({ accuracy, memory: { storedPeak, ...memory }, ...point }): SampleEvent => ({ ...point, memory, ...(accuracy === undefined || storedPeak === undefined ? {} : {}) }));
    const state = { ...snapshot.state, storedPeak: undefined, latest: bare.at(-1), validation: undefined };
    await panel.send({ ...snapshot, state, points: bare, validations: validations.map(({ accuracy, ...rest }) => accuracy === undefined ? rest : rest) });
    assert.equal(await panel.page.locator('.stored-peak').isVisible(), false);
    assert.equal(await panel.page.locator('[data-chart="accuracy"]').isVisible(), false);
    assert.equal(await panel.page.locator('[data-chart="loss"]').isVisible(), true);
    assert.equal(await panel.text('[data-figure="validationAccuracy"]'), '–');
  });

  it('takes a step snapshot, lists those that there are, and opens them', async () => {
    await open();
    const section = panel.page.locator('section[aria-label="Step snapshots"]');
    assert.match(await section.innerText(), /None yet/);
    await section.locator('[data-action="capture"]').click();
    assert.deepEqual(await panel.posted(), [{ type: 'capture' }]);
    await panel.send(run.record(240, 'peak').record(242, 'asked').update());
    assert.deepEqual((await section.locator('tbody tr').allInnerTexts()).map(text => text.split(/\s+/).slice(0, 1)), [['242'], ['240']]);
    await section.locator('[data-action="openSnapshot"]').first().click();
    assert.deepEqual(await panel.posted(), [{ type: 'openSnapshot', file: 'step-00000242.efcpsnap' }]);
    await panel.send(run.finish('completed').update());
    assert.equal(await section.locator('[data-action="capture"]').isVisible(), false);
  });
});
