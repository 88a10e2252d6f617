/** The built panel in a real browser, under the policy and the themes of the editor. */
import assert from 'node:assert/strict';
import { categories } from '../../src/protocol/samples';
import { totalBytes } from '../../src/settings/stateBytes';
import { paintOf } from '../support/panelPaint';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';
import { asRead } from '../support/webviewPage';

const main = ['memory', 'loss', 'accuracy'];
/** All that a run of S-MFAC has. */
const charts = [...main, 'updateCosine', 'updateRatio', 'updateSupport', 'residualRatio', 'effectiveWindow', 'gramCondition'];

describe('panel', function () {
  this.timeout(60_000);
  let browser: PanelBrowser;
  let panel: PanelPage;
  before(async () => { browser = await PanelBrowser.launch(); });
  after(() => browser.close());
  afterEach(async () => {
    await panel.close();
    assert.deepEqual(panel.problems, []);
  });

  it('asks for its snapshot once, and remembers whose it was', async () => {
    panel = await browser.open();
    assert.deepEqual(await panel.page.evaluate(() => window.posted), [{ type: 'ready' }]);
    await panel.send(new PanelRun({}, '/somewhere/run').start().snapshot());
    assert.deepEqual(await panel.page.evaluate(() => window.remembered), { runDirectory: '/somewhere/run' });
  });

  it('says that the trainer starts while there is nothing to draw', async () => {
    panel = await browser.open();
    await panel.send(new PanelRun().snapshot());
    for (const chart of charts) assert.equal(await panel.text(`[data-chart="${chart}"] .empty`), 'Starting the trainer …');
    assert.equal(await panel.text('[data-status]'), 'starting');
    assert.equal(await panel.figure('loss'), undefined);
    assert.equal(await panel.page.getByRole('progressbar').getAttribute('aria-valuenow'), null);
  });

  it('says what is measured before the run can start, and afterwards what it computes on and why', async () => {
    panel = await browser.open();
    const run = new PanelRun().prepare('measuring tensorflow with mlp, batch 64');
    await panel.send(run.snapshot());
    assert.equal(await panel.text('[data-chart="loss"] .empty'), 'Measuring tensorflow with mlp, batch 64 …');
    assert.match(await panel.text('.setup'), /measuring tensorflow with mlp, batch 64 …/);
    const section = panel.page.getByRole('region', { name: 'Backend' });
    assert.equal(await section.isVisible(), false);
    const alternatives = [{ name: 'tensorflow', device: 'NVIDIA H100', stepMs: 2.123 }, { name: 'wasm', stepMs: 8 }, { name: 'webgpu', device: 'llvmpipe', refused: 'it is software' }];
    await panel.send(run.start({ name: 'tensorflow', version: '4.22.0', device: 'NVIDIA H100', reason: 'the fastest of 2 here', alternatives }).update());
    const rows = await section.locator('tbody tr').allInnerTexts();
    assert.deepEqual(rows.map(row => row.split('\t').map(cell => asRead(cell.trim()))), [['tensorflow', '2.12 ms', 'NVIDIA H100'], ['wasm', '8.00 ms', 'processor'], ['webgpu', '–', 'llvmpipe, left out: it is software']]);
    assert.match(await section.innerText(), /tensorflow 4\.22\.0 on NVIDIA H100\s+chosen by measuring/);
    await panel.send(new PanelRun({}, '/left').start({ name: 'wasm', version: '4.22.0', reason: 'the only one', alternatives: [{ name: 'wasm' }, { name: 'webgpu', refused: 'no adapter' }] }).snapshot());
    assert.match(await section.innerText(), /wasm 4\.22\.0\s+the only one that can be used here/);
    await panel.send(new PanelRun({}, '/alone').start().snapshot());
    assert.match(await section.innerText(), /wasm 4\.22\.0\s+embedded; nothing faster is installed here/);
    assert.equal(await section.locator('table').isVisible(), false);
  });

  it('shows the figures of the state, to the byte', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(80);
    await panel.send(run.snapshot());
    const { latest, peak, validation, step } = run.state;
    assert.equal(await panel.figure('step'), step);
    assert.equal(await panel.figure('loss'), latest?.loss);
    assert.equal(await panel.figure('validationAccuracy'), validation?.accuracy);
    assert.equal(await panel.figure('peakBytes'), peak?.peakBytes);
    assert.equal(await panel.figure('optimizerStateBytes'), totalBytes(latest!.memory.stateBytes));
    for (const category of categories) assert.equal(await panel.figure(`peak.${category}`), peak!.bytesAtPeak[category]);
    for (const [part, bytes] of Object.entries(latest!.memory.stateBytes)) assert.equal(await panel.figure(`state.${part}`), bytes);
    assert.equal(await panel.figure('held.process'), latest!.memory.held.process);
    assert.equal(await panel.page.getByRole('progressbar').getAttribute('aria-valuenow'), String(step));
  });

  it('leaves out what nobody could measure', async () => {
    panel = await browser.open();
    const snapshot = new PanelRun().start().advance(5).snapshot();
    delete snapshot.state.latest?.memory.held.process;
    await panel.send(snapshot);
    assert.equal(await panel.page.locator('[data-figure="held.process"]').isVisible(), false);
    assert.equal(await panel.page.locator('[data-figure="held.wasmHeap"]').isVisible(), true);
  });

  it('paints every chart, and paints anew with every update', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(40);
    await panel.send(run.snapshot());
    for (let round = 0; round < 3; round++) {
      const earlier = await Promise.all(charts.map(chart => paintOf(panel, chart)));
      assert.ok(earlier[0]!.colors.length >= 6, `the stack shows ${earlier[0]!.colors.length} colors`);
      await panel.send(run.advance(6).update());
      for (const [index, chart] of charts.entries()) assert.notEqual((await paintOf(panel, chart)).digest, earlier[index]!.digest, chart);
    }
    assert.equal(await panel.page.locator('[data-chart="memory"] canvas').getAttribute('data-points'), '58');
  });

  it('marks a change on every chart, and says it in words', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(40);
    await panel.send(run.snapshot());
    const unmarked = await Promise.all(charts.map(chart => paintOf(panel, chart)));
    run.apply({ density: 0.0025 }, 1);
    await panel.send(run.update());
    for (const [index, chart] of charts.entries()) {
      assert.notEqual((await paintOf(panel, chart)).digest, unmarked[index]!.digest, chart);
      assert.equal(await panel.page.locator(`[data-chart="${chart}"] canvas`).getAttribute('data-markers'), '1');
    }
    await panel.send(run.advance(1).finish('stopped').update());
    for (const chart of charts) {
      assert.match(await panel.page.locator(`[data-chart="${chart}"] canvas`).getAttribute('aria-label') ?? '', /density 0\.25 % at step 80/);
    }
  });

  it('shows a finished run as it was, with nothing left to turn', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(60).apply({ density: 0.0025 }, 1).advance(117).finish('completed');
    await panel.send(run.snapshot());
    assert.equal(await panel.text('[data-status]'), 'completed');
    assert.equal(await panel.figure('step'), 354);
    assert.ok((await paintOf(panel, 'loss')).colors.length >= 2);
    for (const input of await panel.page.locator('.knob :is(input, select)').all()) assert.equal(await input.isDisabled(), true);
    assert.equal(await panel.page.locator('[data-action="undo"]').isVisible(), false);
    assert.equal(await panel.figure('etaMs'), undefined);
    await panel.page.locator('[data-action="restart"]').click();
    assert.deepEqual(await panel.posted(), [{ type: 'restart' }]);
  });

  it('gives another run a panel of its own', async () => {
    panel = await browser.open();
    await panel.send(new PanelRun().start().advance(30).apply({ density: 0.5 }, 1).snapshot());
    await panel.send(new PanelRun({ optimizer: 'adamw' }, '/other').start().advance(4).snapshot());
    assert.equal(await panel.page.locator('[data-change]').count(), 0);
    assert.equal(await panel.page.locator('[data-knob="density"]').count(), 0);
    assert.equal(await panel.page.locator('[data-knob="beta1"]').count(), 1);
    assert.equal(await panel.page.locator('[data-chart="loss"] canvas').getAttribute('data-points'), '4');
  });

  it('gives every chart as a table with the same figures, latest first', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(40);
    await panel.send(run.snapshot());
    for (const chart of charts) {
      const box = panel.page.locator(`[data-chart="${chart}"]`);
      await box.locator('[data-action="table"]').click();
      assert.equal(await box.locator('tbody tr').count(), run.points.length);
      assert.equal(await box.locator('tbody th').first().innerText(), '80');
      assert.equal(await box.locator('canvas').isVisible(), false);
      await box.locator('[data-action="table"]').click();
      assert.equal(await box.locator('canvas').isVisible(), true);
      assert.ok((await paintOf(panel, chart)).colors.length > 0);
    }
  });

  it('draws of the diagnostics what the optimizer has, and the latest value of each', async () => {
    const none = { residualRatio: ['residualRatio'], gram: ['effectiveWindow', 'gramCondition'] };
    for (const [settings, missing] of [
      [{ optimizer: 'sgd' }, [...none.residualRatio, ...none.gram]], [{ optimizer: 'dense-mfac' }, none.residualRatio],
      [{ optimizer: 'micro-adam' }, none.gram], [{ optimizer: 'sparse-mfac', errorFeedback: false }, none.residualRatio],
    ] as const) {
      panel = await browser.open();
      const run = new PanelRun(settings, `/${settings.optimizer}`).start();
      for (const snapshot of [run.snapshot(), run.advance(5).snapshot()]) {
        await panel.send(snapshot);
        const shown = await panel.page.locator('[data-chart]:visible').evaluateAll(nodes => nodes.map(node => (node as HTMLElement).dataset['chart']));
        assert.deepEqual(shown, charts.filter(chart => !(missing as readonly string[]).includes(chart)), settings.optimizer);
      }
      const { updateCosine } = run.state.latest!.diagnostics!;
      assert.equal(Number(await panel.text('[data-chart="updateCosine"] .legend .value')), Number(updateCosine!.toPrecision(3)));
      assert.match(await panel.page.locator('[data-chart="updateRatio"] canvas').getAttribute('aria-label') ?? '', /Update length: relative\. .* at step 10, from /);
      if (settings.optimizer !== 'sparse-mfac') await panel.close();
    }
  });

  it('opens a recording from before there were diagnostics without them, and tables only the steps that were measured', async () => {
    panel = await browser.open();
    const old = new PanelRun({}, '/old').start().advance(6).snapshot();
    for (const point of old.points) delete point.diagnostics;
    await panel.send(old);
    assert.equal(await panel.page.locator('.diagnostics').isVisible(), false);
    const sparse = new PanelRun({}, '/new').start().advance(6).snapshot();
    for (const point of sparse.points) if (point.step % 4 !== 0) delete point.diagnostics;
    await panel.send(sparse);
    const box = panel.page.locator('[data-chart="residualRatio"]');
    await box.locator('[data-action="table"]').click();
    assert.deepEqual(await box.locator('tbody th').allInnerTexts(), ['12', '8', '4']);
    assert.deepEqual(await box.locator('thead th').allInnerTexts(), ['Step', '|e| / |g|', '|e|']);
  });
});
