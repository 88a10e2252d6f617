/** Knobs that are chosen from a list or can be off, and what is folded away. */
import assert from 'node:assert/strict';
import { formatByteChange } from '../../src/protocol/format';
import { predict } from '../../webview/prediction';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';
import { asRead } from '../support/webviewPage';

describe('panel: knobs of other kinds', function () {
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
  const open = async () => {
    panel = await browser.open();
    run = new PanelRun().start().advance(20);
    await panel.send(run.snapshot());
  };
  const row = (name: string) => panel.page.locator(`[data-knob="${name}"]`);
  const range = (name: string) => row(name).locator('input[type=range]');
  const box = (name: string) => row(name).locator('input[type=number]');
  const prediction = (name: string) => row(name).locator('[data-prediction]');
  const unfold = (name: string) => panel.page.locator(`[data-fold="${name}"] summary`).click();
  const select = (name: string) => row(name).locator('select');

  it('keeps what few runs turn folded, and says how it stands', async () => {
    await open();
    assert.equal(await row('schedule').isVisible(), false);
    assert.equal(await panel.text('[data-fold="schedule"] .digest'), 'constant');
    await panel.send(run.apply({ schedule: 'cosine', warmupSteps: 50, clipNorm: 1 }, 1).update());
    assert.equal(await panel.text('[data-fold="schedule"] .digest'), 'cosine, warm-up 50, gradient clipped');
    assert.equal(await panel.text('[data-fold="storage"] .digest'), 'float32, 32-bit residual');
    await unfold('schedule');
    assert.equal(await row('schedule').isVisible(), true);
  });

  it('leaves out, where the state lies on the device, the knobs that have no choice there, and predicts its bytes', async () => {
    panel = await browser.open();
    run = new PanelRun({ placement: 'device' }).start().advance(20);
    await panel.send(run.snapshot());
    for (const name of ['valuePrecision', 'errorFeedbackBits']) assert.equal(await row(name).count(), 0, name);
    for (const name of ['density', 'schedule', 'blockSize']) assert.equal(await row(name).count(), 1, name);
    assert.match(await panel.page.locator('section[aria-label="Optimizer state"]').innerText(), /exactly as measured/);
    await panel.page.locator('.fixed summary').click();
    assert.match(await panel.page.locator('.fixed').innerText(), /State placement\s+device/);
  });

  it('says how text is cut and batched, and nothing that its run does not read', async () => {
    panel = await browser.open();
    run = new PanelRun({ model: 'dynamicconv-tiny', data: 'messages', batchTokens: 4000, labelSmoothing: 0.1 }).start().advance(20);
    await panel.send(run.snapshot());
    await panel.page.locator('[data-fold="text"] summary').click();
    const said = await panel.page.locator('[data-fold="text"]').innerText();
    for (const words of [/Batch tokens\s+4,?000/, /Longest line\s+175/, /Merges\s+10,?000/, /Label smoothing\s+0\.1/, /Dropout\s+0\.1/]) assert.match(said, words);
    for (const words of [/Batch size/, /Random shift/, /Source file/, /Target file/, /Pretrained/]) assert.doesNotMatch(said, words);
    await unfold('memory');
    assert.equal(await box('microbatch').getAttribute('max'), '8192', 'a microbatch counts lines, and so many may fit');
  });

  it('hides knobs that mean nothing for now', async () => {
    await open();
    await unfold('schedule');
    for (const name of ['stepEvery', 'stepFactor', 'clipTarget']) assert.equal(await row(name).isVisible(), false, name);
    await panel.send(run.apply({ schedule: 'step', clipValue: 0.5 }, 1).update());
    for (const name of ['stepEvery', 'stepFactor', 'clipTarget']) assert.equal(await row(name).isVisible(), true, name);
  });

  it('chooses from a list whose options say what they cost, asks once, waits until it is applied', async () => {
    await open();
    await unfold('storage');
    const delta = predict(run.state, { valuePrecision: 'bfloat16' })!.delta;
    assert.ok(delta < 0);
    assert.deepEqual((await select('valuePrecision').locator('option').allInnerTexts()).map(asRead), ['float32', `bfloat16 (state ${formatByteChange(delta)})`]);
    await select('valuePrecision').selectOption('bfloat16');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { valuePrecision: 'bfloat16' } }]);
    assert.equal(asRead(await row('valuePrecision').locator('[data-pending]').innerText()), `pending float32 → bfloat16: state ${formatByteChange(delta)}`);
    await panel.send(run.await({ valuePrecision: 'bfloat16' }, 1).advance(1).update());
    assert.equal(await select('valuePrecision').inputValue(), 'bfloat16');
    await panel.send(run.apply({ valuePrecision: 'bfloat16' }, 1).advance(1).update());
    assert.equal(await row('valuePrecision').locator('[data-pending]').count(), 0);
    assert.equal(await row('valuePrecision').getAttribute('data-value'), 'bfloat16');
    assert.equal(await panel.figure('optimizerStateBytes'), run.state.changes[0]!.stateBytesAfter);
    assert.match((await select('valuePrecision').locator('option').allInnerTexts())[0]!, /^float32 \(state \+/);
  });

  it('gives choices that are numbers as numbers, and goes back when refused', async () => {
    await open();
    await unfold('storage');
    await select('errorFeedbackBits').selectOption('8');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { errorFeedbackBits: 8 } }]);
    await panel.send(run.reject(1, 'not now').update());
    assert.equal(await select('errorFeedbackBits').inputValue(), '32');
  });

  it('arrow keys on a list ask once, when they rest, and Escape takes them back', async () => {
    await open();
    await unfold('storage');
    await select('errorFeedbackBits').focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowDown');
    assert.match(await prediction('errorFeedbackBits').innerText(), /^32 → 8: state −/);
    assert.deepEqual(await panel.posted(), []);
    await row('errorFeedbackBits').locator('[data-pending]').waitFor();
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { errorFeedbackBits: 8 } }]);
    await panel.send(run.apply({ errorFeedbackBits: 8 }, 1).update());
    await panel.page.keyboard.press('ArrowUp');
    await panel.page.keyboard.press('Escape');
    await select('errorFeedbackBits').blur();
    assert.equal(await select('errorFeedbackBits').inputValue(), '8');
    assert.deepEqual(await panel.posted(), []);
  });

  it('turns a bound on by typing or sliding, and off by emptying the box or sliding to the end', async () => {
    await open();
    await unfold('schedule');
    assert.equal(await box('clipNorm').inputValue(), '');
    assert.equal(await box('clipNorm').getAttribute('placeholder'), 'off');
    assert.equal(await range('clipNorm').getAttribute('aria-valuetext'), 'off');
    await box('clipNorm').fill('2.5');
    await box('clipNorm').press('Enter');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { clipNorm: 2.5 } }]);
    await panel.send(run.apply({ clipNorm: 2.5 }, 1).update());
    await box('clipNorm').fill('');
    assert.match(await prediction('clipNorm').innerText(), /^2\.5 → off/);
    await box('clipNorm').press('Enter');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { clipNorm: null } }]);
    assert.match(await row('clipNorm').locator('[data-pending]').innerText(), /^pending 2\.5 → off/);
    await panel.send(run.apply({ clipNorm: null }, 2).update());
    assert.equal(await row('clipNorm').locator('[data-pending]').count(), 0);
    await range('clipNorm').focus();
    await panel.page.keyboard.press('ArrowLeft');
    assert.equal(await range('clipNorm').getAttribute('aria-valuetext'), '1000000');
    await panel.page.keyboard.press('End');
    await range('clipNorm').blur();
    assert.equal(await range('clipNorm').getAttribute('aria-valuetext'), 'off');
    assert.deepEqual(await panel.posted(), []);
    await box('clipNorm').fill('0');
    assert.match(await row('clipNorm').innerText(), /Clip norm is from 1e-6 to 1000000; empty: off/);
  });

  it('ends where the optimizer ends, not where others do', async () => {
    panel = await browser.open();
    for (const [optimizer, most] of [['adamw', '0.99999'], ['ggt', '1']] as const) {
      await panel.send(new PanelRun({ optimizer }, `/${optimizer}`).start().advance(2).snapshot());
      await range('beta2').focus();
      await panel.page.keyboard.press('End');
      assert.equal(await range('beta2').getAttribute('aria-valuetext'), most);
      await panel.page.keyboard.press('Escape');
    }
    assert.deepEqual(await panel.posted(), []);
  });

  it('makes one global block at the end of the slider', async () => {
    await open();
    await unfold('storage');
    await range('blockSize').focus();
    await panel.page.keyboard.press('End');
    await row('blockSize').locator('[data-pending]').waitFor();
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { blockSize: null } }]);
    assert.match(await row('blockSize').locator('[data-pending]').innerText(), /→ one global block: state /);
  });
});
