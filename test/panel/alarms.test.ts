/** Alarms in the panel: what the banner says, what its buttons ask for, the marks on the charts, in every theme. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';
import { panelThemes, type ThemeName } from '../support/panelThemes';
import { asRead } from '../support/webviewPage';

const nonFinite = {
  kind: 'nonFinite', action: 'paused', layer: 'dense2', where: 'output', checkpoint: 'step-00000120.safetensors',
  message: 'loss is NaN at step 121, but must be a finite number: training has diverged at learningRate 0.01. The layer dense2 is the first whose output is not finite. The state is kept in step-00000120.safetensors. Lower the learning rate, to 0.0033 say, or start again from other settings.',
  fix: { words: 'Lower the learning rate, to 0.0033 say.', settings: { learningRate: 0.0033 }, way: 'change' },
} as const;
const budget = {
  kind: 'budget', action: 'noted', message: 'The step held 12.500 MB at its highest instant, in the backward pass: 2.500 MB more than memoryBudget 10 allows. Most of it is optimizer state 4.100 MB and activations 3.300 MB. Set recompute to "block"; it holds from the next step.',
  fix: { words: 'Set recompute to "block"; it holds from the next step.', settings: { recompute: 'block' }, way: 'change' },
} as const;

describe('panel: alarms', function () {
  this.timeout(60_000);
  let browser: PanelBrowser;
  let panel: PanelPage;
  before(async () => {
    mkdirSync('test-results', { recursive: true });
    browser = await PanelBrowser.launch();
  });
  after(() => browser.close());
  afterEach(async () => {
    await panel.close();
    assert.deepEqual(panel.problems, []);
  });
  const banner = () => panel.page.locator('.banner');
  const actions = () => banner().locator('vscode-button').evaluateAll(buttons => buttons.map(button => button.getAttribute('data-action')));

  for (const theme of Object.keys(panelThemes) as ThemeName[]) {
    it(`${theme}: stand in the banner and on the charts, without a grave finding of axe`, async () => {
      panel = await browser.open(theme);
      const run = new PanelRun({ memoryBudget: 9 }).start().advance(40).alarm(budget).advance(20).save().alarm(nonFinite);
      await panel.send(run.snapshot());
      await panel.page.locator('canvas[data-markers="3"]').first().waitFor();
      await panel.page.screenshot({ path: `test-results/alarm-${theme}.png` });
      assert.equal(await banner().getAttribute('data-kind'), 'error');
      assert.match(await banner().innerText(), /A number is not finite, first in dense2\./);
      assert.deepEqual(await panel.graveFindings(), []);
    });
  }

  it('offer the fix, resume and stop while the run waits, and nothing once it goes on', async () => {
    panel = await browser.open('dark');
    const run = new PanelRun().start().advance(40).save().alarm(nonFinite);
    await panel.send(run.snapshot());
    assert.deepEqual(await actions(), ['fix', 'resume-alarm', 'stop-alarm', 'checkpoint']);
    for (const action of ['fix', 'resume-alarm', 'stop-alarm', 'checkpoint']) await banner().locator(`[data-action=${action}]`).click();
    const { sequence } = run.state.alarms[0]!;
    assert.deepEqual(await panel.posted(), [{ type: 'applyFix', sequence }, { type: 'resume' }, { type: 'stop' }, { type: 'revealDirectory' }]);
    assert.match(await panel.page.locator('.unseen[role=status]').innerText(), /Run paused.*A number is not finite, first in dense2\./);
    await panel.send(run.resumed().advance(2).update());
    await banner().waitFor({ state: 'hidden' });
  });

  it('for want of memory show the step that held too much, and what is known to fit in place of the fix by rule', async () => {
    panel = await browser.open('dark');
    const run = new PanelRun({ memoryBudget: 9 }).start().advance(40).record(40, 'peak').advance(1).record(82, 'peak').alarm({ ...budget, action: 'paused' });
    await panel.send(run.snapshot());
    assert.deepEqual(await actions(), ['fix', 'resume-alarm', 'stop-alarm', 'snapshot']);
    assert.match(asRead(await banner().innerText()), /3\.300 MB\. Set recompute to "block"; it holds from the next step\.$/m);
    const { sequence } = run.state.alarms[0]!;
    const fix = { words: 'Set microbatch to 32; it fits.', settings: { microbatch: 32 }, way: 'change', peakBytes: 8_100_000 } as const;
    run.state.proposal = { sequence, fix };
    await panel.send(run.update());
    await banner().locator('vscode-button[title="Set microbatch to 32; it fits."]').waitFor();
    assert.match(asRead(await banner().innerText()), /3\.300 MB\. Set microbatch to 32; it fits\.$/m);
    for (const action of ['snapshot', 'fix']) await banner().locator(`[data-action=${action}]`).click();
    assert.deepEqual(await panel.posted(), [{ type: 'openSnapshot', file: 'step-00000082.efcpsnap' }, { type: 'applyFix', sequence }]);
  });

  it('that were only noted can be dismissed, and come back with the next', async () => {
    panel = await browser.open('light');
    const run = new PanelRun({ memoryBudget: 9 }).start().advance(40).alarm(budget);
    await panel.send(run.snapshot());
    assert.equal(await banner().getAttribute('data-kind'), 'warning');
    await banner().locator('[data-action=dismiss]').click();
    await panel.send(run.advance(2).update());
    await banner().waitFor({ state: 'hidden' });
    await panel.send(run.alarm(budget).update());
    await banner().waitFor({ state: 'visible' });
  });

  it('that stopped the run stand with their fix, and with another backend where that may help', async () => {
    panel = await browser.open('dark');
    const message = 'The backend tensorflow ran out of memory.';
    const run = new PanelRun().start().advance(40).save().alarm({ ...budget, kind: 'outOfMemory', action: 'stopped', message, checkpoint: 'step-80' }).finish('failed', message, 'wasm');
    await panel.send(run.snapshot());
    assert.deepEqual(await actions(), ['fix', 'fallback', 'checkpoint']);
    await banner().locator('[data-action=fallback]').click();
    assert.deepEqual(await panel.posted(), [{ type: 'restore', backend: 'wasm' }]);
    assert.match(await banner().innerText(), /Memory ran out\./);
  });
});
