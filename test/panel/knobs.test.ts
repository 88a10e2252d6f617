/** Turning a knob: what it says while it moves, what it asks for when it is let go, how long it waits. */
import assert from 'node:assert/strict';
import { predict } from '../../webview/prediction';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';
import { asRead } from '../support/webviewPage';

describe('panel: knobs', function () {
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
  const note = async (name: string, kind: 'prediction' | 'pending') => {
    const line = row(name).locator(`[data-${kind}]`);
    return await line.count() === 0 ? undefined : { text: asRead(await line.innerText()), value: Number(await line.getAttribute('data-value')) };
  };
  /** Takes the thumb of a slider and moves it to a share of its length. */
  const drag = async (name: string, from: number, to: number) => {
    const { x, y, width, height } = (await range(name).boundingBox())!;
    await panel.page.mouse.move(x + width * from, y + height / 2);
    await panel.page.mouse.down();
    await panel.page.mouse.move(x + width * to, y + height / 2, { steps: 6 });
  };

  it('shows one knob for each live setting that the optimizer reads', async () => {
    await open();
    const names = (within: string) => panel.page.locator(`${within} [data-knob]`).evaluateAll(nodes => nodes.map(node => (node as HTMLElement).dataset['knob']));
    assert.deepEqual(await names('.knobs-form > .knobs'), ['learningRate', 'momentum', 'weightDecay', 'density', 'window', 'damping']);
    assert.deepEqual(await names('[data-fold="schedule"]'), ['schedule', 'warmupSteps', 'stepEvery', 'stepFactor', 'clipNorm', 'clipValue', 'clipTarget']);
    assert.deepEqual(await names('[data-fold="storage"]'), ['blockSize', 'valuePrecision', 'errorFeedbackBits']);
    assert.equal(await box('density').inputValue(), '1');
    assert.equal(await range('density').getAttribute('aria-valuetext'), '1 %');
  });

  it('predicts while it is dragged, asks once when let go, waits until it is applied', async () => {
    await open();
    await drag('density', 0.5, 0.25);
    const value = Number(await box('density').inputValue()) / 100;
    assert.ok(value < 0.004 && value > 0.0004, `${value}`);
    const predicted = predict(run.state, { density: value })!.delta;
    assert.equal((await note('density', 'prediction'))?.value, predicted);
    assert.deepEqual(await panel.posted(), []);

    await panel.send(run.advance(2).update());
    assert.equal((await note('density', 'prediction'))?.value, predicted, 'an update must not end the drag');
    await panel.page.mouse.up();
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { density: value } }]);
    assert.equal((await note('density', 'pending'))?.value, value);

    await panel.send(run.await({ density: value }, 1).advance(1).update());
    assert.match((await note('density', 'pending'))!.text, /^pending 1 % → .* KiB$/);
    await panel.send(run.apply({ density: value }, 1).advance(1).update());
    assert.equal(await note('density', 'pending'), undefined);
    assert.equal(await row('density').getAttribute('data-value'), String(value));
    assert.equal(await panel.figure('optimizerStateBytes'), run.state.changes[0]!.stateBytesAfter);
  });

  it('goes back to what the run has when the change is refused', async () => {
    await open();
    await box('density').fill('0.25');
    await box('density').press('Enter');
    assert.equal((await note('density', 'pending'))?.value, 0.0025);
    await panel.send(run.reject(1, 'not now').update());
    assert.equal(await note('density', 'pending'), undefined);
    assert.equal(await box('density').inputValue(), '1');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { density: 0.0025 } }]);
  });

  it('Escape takes a drag back, whatever the pointer does until it is let go', async () => {
    await open();
    await drag('window', 0.5, 0.8);
    await panel.page.keyboard.press('Escape');
    assert.equal(await box('window').inputValue(), '32');
    assert.equal(await note('window', 'prediction'), undefined);
    const { x, y, width, height } = (await range('window').boundingBox())!;
    await panel.page.mouse.move(x + width * 0.9, y + height / 2);
    await panel.page.mouse.up();
    assert.equal(await box('window').inputValue(), '32');
    assert.deepEqual(await panel.posted(), []);
    await drag('window', 0.5, 0.8);
    await panel.page.mouse.up();
    assert.equal((await panel.posted()).length, 1);
  });

  it('arrow keys reach 0.25 % in six steps and ask once, when they rest', async () => {
    await open();
    await range('density').focus();
    for (let index = 0; index < 6; index++) await panel.page.keyboard.press('ArrowLeft');
    assert.equal(await range('density').getAttribute('aria-valuetext'), '0.25 %');
    await row('density').locator('[data-pending]').waitFor();
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { density: 0.0025 } }]);
  });

  it('Escape takes arrow keys back', async () => {
    await open();
    await range('damping').focus();
    await panel.page.keyboard.press('ArrowRight');
    assert.notEqual(await note('damping', 'prediction'), undefined);
    await panel.page.keyboard.press('Escape');
    await range('damping').blur();
    assert.equal(await box('damping').inputValue(), '0.001');
    assert.deepEqual(await panel.posted(), []);
  });

  it('asks at once when a script sets the slider', async () => {
    await open();
    await range('momentum').evaluate(node => {
      (node as HTMLInputElement).value = '90';
      node.dispatchEvent(new Event('input'));
      node.dispatchEvent(new Event('change'));
    });
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { momentum: 0.9 } }]);
  });

  it('takes a typed value between two stops, and steps from it with the arrows', async () => {
    await open();
    await box('learningRate').fill('0.0137');
    await box('learningRate').press('Enter');
    await box('learningRate').press('ArrowUp');
    await box('learningRate').press('Enter');
    assert.deepEqual(await panel.posted(), [{ type: 'change', settings: { learningRate: 0.0137 } }, { type: 'change', settings: { learningRate: 0.015 } }]);
  });

  it('refuses a typed value outside the range and says which range', async () => {
    await open();
    for (const [name, text] of [['density', '200'], ['window', '2.5'], ['momentum', '1'], ['damping', '']] as const) {
      await box(name).fill(text);
      await box(name).press('Enter');
      assert.equal(await box(name).getAttribute('aria-invalid'), 'true', name);
      if (name === 'density') assert.match(asRead(await row(name).innerText()), /Density is from 0\.01 % to 100 %/);
      await box(name).blur();
      assert.equal(await box(name).getAttribute('aria-invalid'), null, name);
    }
    assert.equal(await box('density').inputValue(), '1');
    assert.deepEqual(await panel.posted(), []);
  });

  it('asks for nothing when a knob is put back where it was', async () => {
    await open();
    await box('density').fill('2');
    await box('density').fill('1');
    await box('density').press('Enter');
    assert.equal(await note('density', 'prediction'), undefined);
    assert.deepEqual(await panel.posted(), []);
  });

  it('cannot be turned before the start nor after the end', async () => {
    await open();
    for (const status of ['starting', 'stopping', 'interrupted'] as const) {
      await panel.send(run.become(status).update());
      assert.equal(await range('density').isDisabled(), true, status);
    }
    await panel.send(run.become('paused').update());
    assert.equal(await range('density').isDisabled(), false);
  });

  it('lists what is fixed for the run', async () => {
    await open();
    await panel.page.locator('.fixed summary').click();
    assert.match(await panel.page.locator('.fixed').innerText(), /Batch size\s+128[\s\S]*Parameter groups\s+none[\s\S]*Error feedback\s+on/);
  });

  it('lists parameter groups one by one', async () => {
    panel = await browser.open();
    await panel.send(new PanelRun({ groups: [{ match: 'bias$', weightDecay: 0 }, { dimensions: 1, exact: true }, { learningRateScale: 0.1 }] }).start().snapshot());
    await panel.page.locator('.fixed summary').click();
    assert.match(await panel.page.locator('.fixed').innerText(), /Parameter groups\s+bias\$: weight decay 0\s+1-D: kept exactly\s+all: learning rate × 0\.1\s/);
  });
});
