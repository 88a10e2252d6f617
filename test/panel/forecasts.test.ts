/** What a value would do to a step, said before it is applied, and what really happened, said afterwards. */
import assert from 'node:assert/strict';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { parameterCount, PanelRun } from '../support/panelRun';
import { asRead } from '../support/webviewPage';

describe('panel: forecasts', function () {
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
  const open = async (settings: ConstructorParameters<typeof PanelRun>[0] = {}) => {
    panel = await browser.open();
    run = new PanelRun(settings).start().advance(20);
    await panel.send(run.snapshot());
    for (const summary of await panel.page.locator('summary').all()) await summary.click();
  };
  const row = (name: string) => panel.page.locator(`[data-knob="${name}"]`);
  const note = async (name: string) => asRead(await row(name).locator('[data-prediction]').innerText());
  const pointAt = async (name: string, share: number) => {
    const { x, y, width, height } = (await row(name).locator('input[type=range]').boundingBox())!;
    await panel.page.mouse.move(x + 6 + (width - 12) * share, y + height / 2);
  };
  const forecast = { peakBytes: -345 * 1024, storedBytes: -340 * 1024, stepMs: -1.34 };

  it('asks what a place of a slider does while the pointer rests on it, and says so', async () => {
    await open();
    await row('window').scrollIntoViewIfNeeded();
    await pointAt('window', 1);
    const { id, alternatives: [first] } = await panel.askedForecast();
    const value = (first as { window: number }).window;
    assert.equal(value, 1024);
    assert.match(await note('window'), /^32 → 1024: state \+.* MiB, …$/);
    await panel.send({ type: 'forecast', id, index: 0, forecast });
    assert.match(await note('window'), /^32 → 1024: state \+.* MiB, peak −345 KiB, step −10 %$/);
    await panel.page.mouse.move(0, 0);
    assert.equal(await row('window').locator('[data-prediction]').count(), 0);
    assert.deepEqual(await panel.posted(), []);
  });

  it('asks only where the pointer rests, and not again for what it knows', async () => {
    await open();
    await row('window').scrollIntoViewIfNeeded();
    for (let share = 0; share <= 1; share += 0.25) await pointAt('window', share);
    const { id, alternatives } = await panel.askedForecast();
    assert.deepEqual(alternatives, [{ window: 1024 }]);
    await panel.send({ type: 'forecast', id, index: 0, forecast });
    await pointAt('window', 0);
    assert.deepEqual((await panel.askedForecast()).alternatives, [{ window: 1 }]);
    await pointAt('window', 1);
    assert.match(await note('window'), /peak −345 KiB/);
    await panel.send(run.apply({ momentum: 0.9 }, 1).update());
    assert.doesNotMatch(await note('window'), /peak/, 'of other settings');
  });

  it('knows what the next press of an arrow key does before it is made, so that it is said before it is applied', async () => {
    await open();
    const range = row('window').locator('input[type=range]');
    await row('window').locator('input[type=number]').focus();
    await panel.page.keyboard.press('Tab');
    assert.ok(await range.evaluate(node => node === document.activeElement));
    const { id, alternatives } = await panel.askedForecast();
    assert.deepEqual(alternatives, [{ window: 24 }, { window: 48 }]);
    assert.equal(await row('window').locator('[data-prediction]').count(), 0, 'nothing is considered yet');
    for (const index of [0, 1]) await panel.send({ type: 'forecast', id, index, forecast: { ...forecast, peakBytes: 1024 * (index + 1) } });
    await panel.page.keyboard.press('ArrowRight');
    assert.match(await note('window'), /^32 → 48: state \+.*, peak \+2\.00 KiB, step −10 %$/);
    assert.deepEqual((await panel.askedForecast()).alternatives, [{ window: 64 }]);
    const [change] = await panel.posted();
    assert.deepEqual(change ?? (await range.press('Enter'), (await panel.posted())[0]), { type: 'change', settings: { window: 48 }, forecast: { ...forecast, peakBytes: 2048 } });
  });

  it('says bytes of state and peak once where they are the same, and many times the time as a factor', async () => {
    await open();
    await row('momentum').scrollIntoViewIfNeeded();
    await pointAt('momentum', 1);
    const { id } = await panel.askedForecast();
    const state = 4 * parameterCount;
    await panel.send({ type: 'forecast', id, index: 0, forecast: { peakBytes: state, storedBytes: state, stepMs: 1900, stepMsBefore: 100 } });
    assert.equal(await note('momentum'), '0 → 0.999: state and peak +919 KiB, step 20 times as long', 'whatever a step takes by now');
  });

  it('moves nothing while the pointer goes from value to value, however much there is to say', async () => {
    panel = await browser.open('dark', { width: 1020, height: 1000 });
    run = new PanelRun({ optimizer: 'sparse-mfac', blockSize: null }).start().advance(20);
    await panel.send(run.snapshot());
    for (const summary of await panel.page.locator('summary').all()) await summary.click();
    const places = () => panel.page.evaluate(() => [...document.querySelectorAll('[data-knob]')].map(node => node.getBoundingClientRect().top - document.querySelector('.knobs-form')!.getBoundingClientRect().top));
    const before = await places();
    await row('blockSize').scrollIntoViewIfNeeded();
    await pointAt('blockSize', 0);
    const { id } = await panel.askedForecast();
    await panel.send({ type: 'forecast', id, index: 0, forecast: { peakBytes: -123_456_789, storedBytes: 0, stepMs: 0.1 } });
    assert.match(await note('blockSize'), /^one global block → 2: state .*, peak −118 MiB, about the same step time$/);
    const words = (await row('blockSize').locator('.words').boundingBox())!;
    assert.ok(words.height > 20, 'two lines');
    assert.deepEqual(await places(), before);
  });

  it('sends the forecast along with the change, and lists it beside what was measured', async () => {
    await open();
    await row('microbatch').locator('input[type=number]').fill('32');
    const { id } = await panel.askedForecast();
    await panel.send({ type: 'forecast', id, index: 0, forecast });
    assert.match(await note('microbatch'), /^the whole batch → 32: peak −345 KiB, step −10 %$/);
    await row('microbatch').locator('input[type=number]').press('Enter');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { microbatch: 32 }, forecast }]);
    await panel.send(run.apply({ microbatch: 32 }, 1, undefined, forecast).update());
    const outcome = () => panel.text('[data-change="1"] .outcome');
    assert.equal(await outcome(), 'forecast peak −345 KiB');
    await panel.send(run.advance(12).update());
    assert.match(await outcome(), /^forecast peak −345 KiB, step −\d+ % · measured peak −\S+ .iB, \S+ /);
  });

  it('says for each option of a list what it does, and of a box what ticking does', async () => {
    await open();
    await row('activationPrecision').locator('select').hover();
    const { id, alternatives } = await panel.askedForecast();
    assert.deepEqual(alternatives, [{ activationPrecision: 'float16' }, { activationPrecision: 'bfloat16' }]);
    await panel.send({ type: 'forecast', id, index: 0, forecast });
    await panel.send({ type: 'forecast', id, index: 1, why: 'bfloat16 needs a newer Node' });
    assert.deepEqual((await row('activationPrecision').locator('option').allInnerTexts()).map(asRead), ['float32', 'float16 (peak −345 KiB, step −10 %)', 'bfloat16']);
  });

  it('says nothing of the peak where nothing can be said, and why on demand', async () => {
    await open();
    await row('window').scrollIntoViewIfNeeded();
    await pointAt('window', 1);
    const { id } = await panel.askedForecast();
    await panel.send({ type: 'forecast', id, index: 0, why: 'the module is not there' });
    assert.match(await note('window'), /^32 → 1024: state \+[^,]*, no forecast$/);
    assert.equal(await row('window').locator('[data-prediction]').getAttribute('title'), 'the module is not there');
  });

  it('asks nothing of a run that is over', async () => {
    await open();
    await panel.send(run.finish('completed').update());
    await row('window').scrollIntoViewIfNeeded();
    await pointAt('window', 1);
    await panel.page.waitForTimeout(300);
    assert.equal(await panel.page.evaluate(() => window.posted.filter(({ type }) => type === 'forecast').length), 0);
  });

  it('has a place for alarms and for text', async () => {
    await open({ data: 'messages', model: 'language-model', optimizer: 'adamw' });
    assert.match(await panel.text('[data-fold="watch"]'), /Memory budget[\s\S]*On alarm[\s\S]*Snapshot at a new peak\s+on/);
    assert.match(await panel.text('[data-fold="text"]'), /Longest line/);
  });
});
