/** What the user can ask of a run, and what the panel tells about it. */
import assert from 'node:assert/strict';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';
import { asRead } from '../support/webviewPage';

describe('panel: actions', function () {
  this.timeout(60_000);
  let browser: PanelBrowser;
  let panel: PanelPage;
  before(async () => { browser = await PanelBrowser.launch(); });
  after(() => browser.close());
  afterEach(async () => {
    await panel.close();
    assert.deepEqual(panel.problems, []);
  });
  const button = (action: string) => panel.page.locator(`[data-action="${action}"]`);

  it('pauses, resumes, stops, and stops by force', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(3);
    await panel.send(run.snapshot());
    await button('pause').click();
    await panel.send(run.become('paused').update());
    assert.equal(await button('pause').count(), 0);
    await button('resume').click();
    await panel.send(run.become('running').update());
    await button('stop').click();
    await panel.send(run.become('stopping').update());
    assert.equal(await button('stop').innerText(), 'Force stop');
    assert.equal(await button('pause').getAttribute('aria-disabled') ?? await button('pause').getAttribute('disabled'), '');
    await button('stop').click();
    assert.deepEqual(await panel.posted(), [{ type: 'pause' }, { type: 'resume' }, { type: 'stop' }, { type: 'stop' }]);
  });

  it('offers the way on where a run ended before it was complete and has a checkpoint', async () => {
    panel = await browser.open();
    const toggle = panel.page.getByRole('group', { name: 'Run' }).locator('vscode-button').first();
    const disabled = () => toggle.evaluate(element => (element as HTMLElement & { disabled: boolean }).disabled);
    for (const reason of ['stopped', 'failed'] as const) {
      await panel.send(new PanelRun({}, `/${reason}`).start().advance(3).finish(reason).snapshot());
      assert.equal(await disabled(), true, 'without a checkpoint there is none');
      await panel.send(new PanelRun({}, `/${reason}/saved`).start().advance(3).save().advance(2).finish(reason).snapshot());
      assert.equal(await toggle.getAttribute('title'), 'Go on from the checkpoint after step 6');
      await button('restore').click();
    }
    await panel.send(new PanelRun({}, '/completed').start().advance(3).save().finish('completed').snapshot());
    assert.equal(await disabled(), true);
    assert.deepEqual(await panel.posted(), [{ type: 'restore' }, { type: 'restore' }]);
  });

  it('offers the next best where the backend is what failed: from the checkpoint, or from the start', async () => {
    panel = await browser.open();
    const failed = 'The backend tensorflow ran out of memory.';
    await panel.send(new PanelRun({}, '/unsaved').start().advance(2).finish('failed', failed, 'wasm').snapshot());
    assert.equal(await button('fallback').innerText(), 'Start Again on wasm');
    await button('fallback').click();
    await panel.send(new PanelRun({}, '/saved').start().advance(3).save().finish('failed', failed, 'wasm').snapshot());
    assert.equal(await button('fallback').innerText(), 'Resume on wasm');
    await button('fallback').click();
    await panel.send(new PanelRun({}, '/other').start().advance(3).save().finish('failed', 'training has diverged').snapshot());
    assert.equal(await button('fallback').isVisible(), false);
    assert.deepEqual(await panel.posted(), [{ type: 'restart', backend: 'wasm' }, { type: 'restore', backend: 'wasm' }]);
  });

  it('shows a run that went on from a checkpoint without what was taken back', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(5).apply({ density: 0.05 }, 1).save().advance(5).apply({ density: 0.5 }, 2).finish('failed', 'it broke');
    await panel.send(run.snapshot());
    const listed = () => panel.page.locator('table.changes tbody tr .change').allInnerTexts();
    assert.equal((await listed()).length, 2);
    await panel.send(run.restore(10, 1).snapshot());
    assert.deepEqual((await listed()).map(text => text.replace(/\s+/g, ' ').trim()), ['density 1 % → 5 %']);
    assert.equal((await panel.page.getByRole('alert').innerText()).trim(), '');
    await panel.send(run.advance(1).apply({ density: 0.25 }, 2).update());
    assert.deepEqual((await listed()).map(text => text.replace(/\s+/g, ' ').trim()), ['density 5 % → 25 %', 'density 1 % → 5 %']);
  });

  it('works from the keyboard alone', async () => {
    panel = await browser.open();
    await panel.send(new PanelRun().start().advance(3).snapshot());
    const visited = new Set<string>();
    for (let index = 0; index < 60; index++) {
      await panel.page.keyboard.press('Tab');
      visited.add(await panel.page.evaluate(() => {
        const { dataset, tagName } = document.activeElement as HTMLElement;
        const knob = document.activeElement?.closest<HTMLElement>('[data-knob]')?.dataset['knob'];
        return dataset['action'] ?? (knob === undefined ? tagName : `${knob} ${(document.activeElement as HTMLInputElement).type}`);
      }));
    }
    for (const stop of ['reveal', 'pause', 'stop', 'restart', 'table', 'density range', 'density number', 'window range', 'SUMMARY']) {
      assert.ok(visited.has(stop), `${stop} is not reached: ${[...visited].join(', ')}`);
    }
    await button('pause').focus();
    await panel.page.keyboard.press('Enter');
    await button('restart').focus();
    await panel.page.keyboard.press(' ');
    await button('reveal').focus();
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await panel.posted(), [{ type: 'pause' }, { type: 'restart' }, { type: 'revealDirectory' }]);
  });

  it('tells why a run failed', async () => {
    panel = await browser.open();
    const reason = 'loss is NaN at step 7, but must be finite. Lower learningRate.';
    await panel.send(new PanelRun().start().advance(3).finish('failed', reason).snapshot());
    assert.equal(await panel.page.getByRole('alert').innerText().then(text => text.includes(reason)), true);
    assert.equal(await button('dismiss').isVisible(), false);
  });

  it('tells why a change was refused, until that is dismissed', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(3).reject(1, 'density is 2, but must be a number from 0.0001 to 1.');
    await panel.send(run.snapshot());
    const alert = panel.page.getByRole('alert');
    assert.match(await alert.innerText(), /density is 2/);
    await button('dismiss').click();
    await panel.send(run.advance(1).update());
    assert.equal((await alert.innerText()).trim(), '');
    await panel.send(run.reject(2, 'window is 0').update());
    assert.match(await alert.innerText(), /window is 0/);
  });

  it('lists changes with their bytes, latest first, and takes one back', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(3).apply({ density: 0.0025 }, 1).advance(3).apply({ learningRate: 0.02 }, 2);
    await panel.send(run.snapshot());
    const rows = panel.page.locator('[data-change]');
    assert.deepEqual(await rows.evaluateAll(nodes => nodes.map(node => (node as HTMLElement).dataset['change'])), ['2', '1']);
    assert.match(asRead(await rows.nth(1).innerText()), /density 1 % → 0\.25 %.*−341 KiB/s);
    await panel.page.locator('[data-action="undo"][data-revision="1"]').click();
    assert.deepEqual(await panel.posted(), [{ type: 'undo', revision: 1 }]);
    assert.equal(await panel.page.locator('[data-revision="1"]').isDisabled(), true);
    await panel.send(run.apply({ density: 0.01 }, 3, 1).update());
    assert.match(await panel.page.locator('[data-change="1"]').innerText(), /undone/);
    assert.equal(await panel.page.locator('[data-revision="1"]').isVisible(), false);
    assert.match(await panel.page.locator('[data-change="3"]').innerText(), /an undo/);
  });

  it('lets an undo that was refused be asked for again', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(3).apply({ density: 0.0025 }, 1);
    await panel.send(run.snapshot());
    await button('undo').click();
    assert.equal(await button('undo').isDisabled(), true);
    await panel.send(run.reject(2, 'no').update());
    assert.equal(await button('undo').isDisabled(), false);
  });

  it('tells screen readers politely: at once when the state changes, else rarely', async () => {
    panel = await browser.open();
    const run = new PanelRun().start().advance(3);
    await panel.send(run.snapshot());
    await panel.page.evaluate(() => {
      const region = document.querySelector('[role="status"]')!;
      const said: string[] = [];
      window.remembered = said;
      new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
    });
    for (let index = 0; index < 12; index++) await panel.send(run.advance(1).update());
    await panel.send(run.become('paused').update());
    const said = await panel.page.evaluate(() => window.remembered) as string[];
    assert.ok(said.length <= 2, said.join('\n'));
    assert.match(said.at(-1)!, /^Run paused, step 30 of 355, loss \d\.\d+/);
  });
});
