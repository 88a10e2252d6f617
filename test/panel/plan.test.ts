/** Suggestions: what saves the most, with a button; the budget, the picture, the new run that is asked for first; what was measured afterwards. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { Plan } from '../../src/protocol/plan';
import { fromPanel } from '../../src/protocol/panel';
import { decodePng } from '../support/decodePng';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { sampleEstimate, samplePlan, small, sparse } from '../support/panelPlan';
import { PanelRun } from '../support/panelRun';
import { panelThemes, type ThemeName } from '../support/panelThemes';
import { assertWellFormed } from '../support/wellFormed';

const themes = Object.keys(panelThemes) as ThemeName[];

describe('panel: suggestions', function () {
  this.timeout(60_000);
  let browser: PanelBrowser;
  let panel: PanelPage;
  let run: PanelRun;
  before(async () => {
    mkdirSync('test-results', { recursive: true });
    browser = await PanelBrowser.launch();
  });
  after(() => browser.close());
  afterEach(async () => {
    await panel.close();
    assert.deepEqual(panel.problems, []);
  });
  const open = async (theme: ThemeName = 'dark', size = { width: 1400, height: 1000 }) => {
    panel = await browser.open(theme, size);
    run = new PanelRun({ optimizer: 'sgd', memoryBudget: 10 }).start(undefined, sampleEstimate).advance(20);
    await panel.send(run.snapshot());
  };
  const find = () => panel.page.locator('[data-action="plan"]').click();
  const findPlan = async () => {
    await find();
    await panel.posted();
    await panel.send({ type: 'plan', id: 1, plan: samplePlan });
  };
  const applyIn = (table: string, words: string) => panel.page.locator(`[data-points="${table}"] [data-point="${words}"] [data-action="apply"]`).click();
  const status = async () => {
    await panel.page.evaluate(() => window.drawn());
    return panel.text('.plan > [role=status].remark');
  };

  it('asks with the run\'s budget, tells how far it is, and cancels', async () => {
    await open();
    await find();
    assert.deepEqual(await panel.posted(), [{ type: 'plan', id: 1, limits: { budgetBytes: 10_000_000, counted: 'peak', mostRisk: 'sparsity' } }]);
    await panel.send({ type: 'planProgress', id: 1, done: 3, of: 12, what: 'weighing combinations' });
    assert.equal(await status(), 'weighing combinations (3 of 12)');
    await find();
    assert.deepEqual(await panel.posted(), [{ type: 'cancelPlan', id: 1 }]);
    assert.equal(await status(), 'Cancelled. Find savings starts again.');
    await panel.send({ type: 'plan', id: 1, plan: samplePlan });
    assert.equal(await panel.page.locator('[data-point]').count(), 0, 'a plan that was cancelled');
  });

  it('keeps the picture of the combinations as PNG and as SVG', async () => {
    await open();
    await findPlan();
    await panel.page.evaluate(() => window.drawn());
    await panel.posted();
    for (const format of ['png', 'svg'] as const) await panel.page.locator(`.front [data-action="save-${format}"]`).click();
    const [first, second] = (await panel.posted()).map(message => fromPanel.parse(message));
    assert.ok(first?.type === 'savePicture' && first.chart === 'plan' && first.png !== undefined);
    assert.ok(decodePng(Buffer.from(first.png, 'base64')).width > 400);
    assert.ok(second?.type === 'savePicture' && second.svg !== undefined);
    assertWellFormed(second.svg);
    for (const { words } of samplePlan.front) assert.ok(second.svg.includes(words), words);
  });

  it('says where nothing fits what the least is, and where nothing saves what else to allow', async () => {
    await open();
    const answer = async (id: number, plan: Plan) => {
      await find();
      await panel.send({ type: 'plan', id, plan });
    };
    const { chosen, ...tight } = samplePlan;
    await answer(1, { ...tight, budgetBytes: 1_000_000 });
    assert.equal(await status(), 'Nothing fits 1.000 MB: the least is 8.070 MB. Raise the budget, allow a longer step, or more that may change. 444.862 MB as it is; 1,536 combinations weighed.');
    const { budgetBytes, largestBatch, ...free } = tight;
    await answer(2, { ...free, front: [samplePlan.given], suggestions: [] });
    assert.match(await status(), /^Nothing saves more within these limits\. Allow a longer step, or more that may change\. 444\.862 MB as it is/);
    assert.ok(chosen !== undefined && budgetBytes !== undefined && largestBatch !== undefined);
  });

  it('keeps what was found before while it looks again, and says so where that comes to nothing', async () => {
    await open();
    await findPlan();
    await find();
    assert.equal(await status(), 'starting …');
    await find();
    assert.equal(await status(), 'Cancelled. Find savings starts again. Below is what was found before.');
    await find();
    await panel.send({ type: 'planRefused', id: 3, message: 'The model is not there.' });
    assert.equal(await status(), 'No plan: The model is not there. Below is what was found before.');
    assert.ok(await panel.page.locator('[data-point]').count() > 0);
  });

  it('is one for the settings that the run had when it was asked for', async () => {
    await open();
    await find();
    await panel.send(run.apply({ microbatch: 8 }, 1).update());
    await panel.send({ type: 'plan', id: 1, plan: samplePlan });
    assert.match(await status(), /The settings have changed since/);
    assert.equal(await panel.page.locator('.plan-results [data-action^="apply"]:enabled').count(), 0);
  });

  it('takes limits, and refuses what is none', async () => {
    await open();
    await panel.page.locator('#plan-budget').fill('0');
    await find();
    assert.match(await panel.text('.plan-form .refusal'), /The budget is in MB/);
    assert.deepEqual(await panel.posted(), []);
    await panel.page.locator('#plan-budget').fill('');
    await panel.page.locator('#plan-time').fill('2500');
    await panel.page.locator('#plan-counted').selectOption('stored');
    await panel.page.locator('#plan-risk').selectOption('rounding');
    await find();
    assert.deepEqual(await panel.posted(), [{ type: 'plan', id: 1, limits: { counted: 'stored', mostStepMs: 2500, mostRisk: 'rounding' } }]);
    await panel.send({ type: 'planRefused', id: 1, message: 'the model is not there' });
    assert.equal(await status(), 'No plan: the model is not there');
  });

  it('ranks what was found, with bytes, time and risk of each', async () => {
    await open();
    await findPlan();
    assert.match(await panel.text('[data-points="suggestions"] [data-point="recompute per block"]'), /same result[\s\S]*176\.100 MB\s+−268\.762 MB[\s\S]*2\.40 s\s+\+20 %/);
    assert.match(await panel.text(`[data-points="front"] [data-point="${sparse.words}"]`), /fewer numbers kept · best that fits/);
    assert.match(await panel.text('.largest'), /Largest batch that fits with the settings as they are: 2 examples, 9\.820 MB/);
    assert.match(await panel.page.locator('.front canvas').getAttribute('aria-label') ?? '', /6 combinations[\s\S]*microbatch 20: 120\.400 MB, 2\.21 s a step, other batch statistics/);
    await panel.page.locator('.plan details summary').click();
    assert.match(await panel.text('.assumptions'), /No user code holds tensors/);
  });

  it('applies what can change now as a change, with its forecast, and says what was measured', async () => {
    await open();
    await findPlan();
    await applyIn('suggestions', small.words);
    const [change] = await panel.posted();
    assert.ok(change?.type === 'change');
    assert.deepEqual([change.settings, change.forecast?.peakBytes], [small.changes, small.peakBytes - samplePlan.given.peakBytes]);
    assert.ok(change.forecast!.stepMs! > 0);
    const verified = () => panel.text('.verified');
    assert.equal(await verified(), 'microbatch 20: predicted 120.400 MB; waiting for the change.');
    await panel.send(run.apply({ microbatch: 20 }, 1, undefined, change.forecast).update());
    assert.match(await verified(), /measuring …$/);
    assert.match(await status(), /The settings have changed since/);
    assert.equal(await panel.page.locator('[data-points="front"] button:enabled').count(), 0);
    await panel.send(run.advance(4).update());
    assert.match(await verified(), /^microbatch 20: predicted 120\.400 MB, measured [\d.]+ MB \(error [+−]\d+ %\); step predicted \+10 %, measured [+−±][\d.]+ %\.$/);
  });

  it('says first that a new run is needed, and starts one only then', async () => {
    await open();
    await findPlan();
    await applyIn('front', sparse.words);
    assert.deepEqual(await panel.posted(), []);
    assert.match(await panel.text('.question'), /parameter storage and weight density of a run cannot change while it goes on\. End this run and start a new run with recompute per block/i);
    await panel.page.locator('[data-action="notNow"]').click();
    assert.equal(await panel.page.locator('.question').isVisible(), false);
    await applyIn('front', sparse.words);
    await panel.page.locator('[data-action="newRun"]').click();
    assert.deepEqual(await panel.posted(), [{ type: 'restart', settings: sparse.changes }]);
    await panel.page.locator('[data-action="applyBatch"]').click();
    await panel.page.locator('[data-action="newRun"]').click();
    assert.deepEqual(await panel.posted(), [{ type: 'restart', settings: { batchSize: 2 } }]);
  });

  it('shows in the table which point of the picture was clicked', async () => {
    await open();
    await findPlan();
    const box = (await panel.page.locator('.front canvas').boundingBox())!;
    const selected = panel.page.locator('[data-points="front"] [aria-current]');
    for (let y = box.height - 20; y > 10 && await selected.count() === 0; y -= 12) {
      for (let x = 50; x < box.width - 10 && await selected.count() === 0; x += 16) await panel.page.locator('.front canvas').click({ position: { x, y } });
    }
    assert.equal(await selected.count(), 1);
  });

  it('sets what was predicted beside what was measured, until the first change', async () => {
    await open();
    assert.equal(await panel.figure('predicted.peak'), sampleEstimate.peakBytes);
    const { highest: { peakBytes }, samples } = run.state.stretches[0]!;
    assert.equal(samples, 20);
    assert.equal(await panel.figure('measured.peak'), peakBytes);
    assert.equal(await panel.figure('error.peak'), (sampleEstimate.peakBytes - peakBytes!) / peakBytes!);
    await panel.send(run.apply({ microbatch: 8 }, 1).advance(10).update());
    assert.equal(await panel.figure('measured.peak'), peakBytes);
    assert.match(await panel.text('.predicted caption'), /until the first change at step 40/);
  });

  for (const theme of themes) {
    it(`${theme}: no grave finding of axe`, async () => {
      await open(theme);
      await findPlan();
      await applyIn('front', sparse.words);
      await panel.page.locator('section.plan').screenshot({ path: `test-results/plan-${theme}.png` });
      await panel.page.locator('.memory').screenshot({ path: `test-results/predicted-${theme}.png` });
      assert.deepEqual(await panel.graveFindings(), []);
    });
  }

  for (const width of [360, 500, 1020]) {
    it(`${width} pixels wide: nothing is wider than the panel`, async () => {
      await open('dark', { width, height: 900 });
      await findPlan();
      for (const summary of await panel.page.locator('summary').all()) await summary.click();
      await panel.page.screenshot({ path: `test-results/plan-${width}.png`, fullPage: true });
      const sticking = await panel.page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.plan *, .knob *')].filter(node => {
        const { right, width: own } = node.getBoundingClientRect();
        return own > 1 && right > document.documentElement.clientWidth + 1;
      }).map(node => `${node.tagName}.${node.className}`));
      assert.deepEqual(sticking, []);
    });
  }
});
