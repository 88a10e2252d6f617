import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Page } from 'playwright-core';
import { readEvents, readRecord } from '../../src/protocol/runDirectory';
import type { AppliedEvent } from '../../src/protocol/runEvents';
import { knobs } from '../../src/settings/knobTable';
import { parameterSpace } from '../../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../../src/settings/stateBytes';
import { resolveSettings } from '../../src/settings/validate';
import { stopsOf } from '../../webview/controls/knobScale';
import { colorThemes, setColorTheme } from '../support/workbench/colorTheme';
import { explainFirstFailure } from '../support/workbench/explainFirstFailure';
import { paintedPixels } from '../support/workbench/paintedPixels';
import { pickItem } from '../support/workbench/pickItem';
import { hasEnded, isRunning } from '../support/workbench/processes';
import { runCommand } from '../support/workbench/runCommand';
import { runEvidence } from '../support/workbench/runEvidence';
import { sampleWorkspace } from '../support/workbench/sampleWorkspace';
import { screenshot } from '../support/workbench/screenshot';
import { webviewFrame } from '../support/workbench/webviewFrame';
import { openWindow, type EditorWindow } from '../support/workbench/window';

/** Long enough that it ends only when it is told to. */
const settings = { preset: 'digits-mlp', epochs: 2000, window: 32 } as const;
const parameterCount = 235_146;

/** Memory, loss, accuracy, and the six diagnostics that S-MFAC has. */
const chartCount = 9;

describe('workbench: the main job', () => {
  const folder = sampleWorkspace();
  let window: EditorWindow;
  let page: Page;
  let panel: FrameLocator;
  before(async function () {
    this.timeout(300_000);
    writeFileSync(path.join(folder, 'long.efcp.json'), JSON.stringify({ name: 'Long run', ...settings }));
    window = await openWindow({ folder });
    ({ page } = window);
    panel = webviewFrame(page);
  });
  after(async function () {
    this.timeout(60_000);
    await window.close();
  });

  const figure = async (name: string) => Number(await panel.locator(`[data-figure="${name}"]`).first().getAttribute('data-value'));
  const status = () => panel.locator('[data-status]').first().getAttribute('data-status');
  const directory = () => path.join(folder, '.efcp/runs', readdirSync(path.join(folder, '.efcp/runs')).sort().at(-1)!);
  const predicted = (change: object = {}) => totalBytes(stateBytes({ ...resolveSettings(settings), ...change }, parameterSpace([{ name: 'all', shape: [parameterCount] }])));
  const applied = () => readEvents(directory()).events.filter((event): event is AppliedEvent => event.type === 'applied');
  async function until(what: string, condition: () => Promise<boolean> | boolean, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!await condition()) {
      if (Date.now() > deadline) assert.fail(`not within ${timeoutMs / 1000} s: ${what}`);
      await sleep(50);
    }
  }

  const firstTest = 'is listed in the palette, starts a run file of the workspace and shows its panel';
  const trains = () => existsSync(path.join(folder, '.efcp/runs')) && isRunning(readRecord(directory()).pid ?? 0);
  explainFirstFailure(() => runEvidence({ page, panel, directory }), title => title === firstTest || !trains());

  it(firstTest, async () => {
    await runCommand(page, 'EFCP: Launch Training Run…');
    await pickItem(page, 'long.efcp.json');
    await panel.locator('canvas').first().waitFor();
    await until('the first sample', async () => await figure('step') > 0);
    assert.equal(await status(), 'running');
    assert.equal(await panel.locator('h1').first().textContent(), 'Long run');
    await until('every chart', async () => await panel.locator('canvas').count() === chartCount);
  });

  it('draws charts that change, and figures that move', async () => {
    const canvases = await panel.locator('canvas').all();
    for (const canvas of canvases) await until('a painted chart', async () => (await paintedPixels(canvas)).painted > 1000);
    const before = await Promise.all(canvases.map(canvas => paintedPixels(canvas)));
    const step = await figure('step');
    await until('more steps', async () => await figure('step') > step + 40);
    for (const [index, canvas] of canvases.entries()) await until(`chart ${index} changed`, async () => (await paintedPixels(canvas)).fingerprint !== before[index]!.fingerprint);
    assert.ok(await figure('loss') > 0);
    assert.equal(await figure('peak.unattributed'), 0);
  });

  it('shows the optimizer state at exactly the bytes of the formula', async () => {
    assert.equal(await figure('optimizerStateBytes'), predicted());
  });

  it('moves the density slider from 1 % to 0.25 %: predicted, acknowledged, to the byte', async () => {
    const row = panel.locator('[data-knob="density"]');
    const box = row.locator('input[type="number"]');
    const stops = stopsOf(knobs.density);
    const presses = stops.indexOf(0.01) - stops.indexOf(0.0025);
    const said = await row.evaluateHandle(element => {
      const texts: string[] = [];
      new MutationObserver(() => { texts.push(element.textContent); }).observe(element, { subtree: true, childList: true, characterData: true, attributes: true });
      return texts;
    });
    await row.locator('input[type="range"]').focus();
    // All at once, as a held key repeats: keys that rest commit the value that they have reached.
    await Promise.all(Array.from({ length: presses }, () => page.keyboard.press('ArrowLeft')));
    assert.equal(await box.inputValue(), '0.25');
    await until('the acknowledgement', () => applied().length === 1);
    assert.ok((await said.jsonValue()).some(text => /−341\sKiB/.test(text)), 'the change was predicted before it was made');
    const [change] = applied();
    assert.deepEqual([change!.from, change!.to], [{ density: 0.01 }, { density: 0.0025 }]);
    assert.deepEqual([change!.stateBytesBefore, change!.stateBytesAfter], [predicted(), predicted({ density: 0.0025 })]);
    await until('the figure in the panel', async () => await figure('optimizerStateBytes') === predicted({ density: 0.0025 }));
    await until('the change in the list', async () => (await panel.locator('[data-action="undo"]').count()) === 1);
    await until('a mark on every chart', async () => await panel.locator('canvas[data-markers="1"]').count() === chartCount);
  });

  it('gives the panel the whole width', async () => {
    const width = () => panel.locator('body').evaluate(body => body.clientWidth);
    const before = await width();
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await until('a wider panel', async () => await width() > before + 100);
  });

  for (const theme of colorThemes) {
    it(`looks right in ${theme}`, async () => {
      await setColorTheme(page, theme);
      await panel.locator('body').evaluate(() => { scrollTo(0, 0); });
      await page.locator('iframe.webview.ready').waitFor();
      await until('a repainted chart', async () => (await paintedPixels(panel.locator('canvas').first())).painted > 1000);
      const step = await figure('step');
      await until('a live panel', async () => await figure('step') > step);
      assert.ok(existsSync(await screenshot(page, `main-job-${theme.toLowerCase().replaceAll(' ', '-')}`)));
    });
  }

  it('undoes the change, and the bytes return', async () => {
    await panel.locator('[data-action="undo"]').first().click();
    await until('the undo', () => applied().length === 2);
    assert.deepEqual([applied()[1]!.to, applied()[1]!.undoes], [{ density: 0.01 }, applied()[0]!.revision]);
    await until('the figure in the panel', async () => await figure('optimizerStateBytes') === predicted());
  });

  it('pauses: no step is made; resumes: steps go on', async () => {
    await panel.locator('[data-action="pause"]').click();
    await until('the pause', async () => await status() === 'paused');
    const step = await figure('step');
    await sleep(1000);
    assert.equal(await figure('step'), step);
    assert.equal(readEvents(directory()).events.at(-1)?.type, 'paused');
    await panel.locator('[data-action="resume"]').click();
    await until('more steps', async () => await figure('step') > step);
  });

  it('goes on while the window reloads, and the panel attaches again', async () => {
    const { pid } = readRecord(directory());
    const step = await figure('step');
    await window.reload();
    await until('the panel of the running run', async () => await status() === 'running' && await figure('step') > step, 120_000);
    assert.ok(isRunning(pid!));
    assert.equal(await figure('optimizerStateBytes'), predicted());
  });

  it('stops, and leaves no process behind', async () => {
    const { pid, control } = readRecord(directory());
    await panel.locator('[data-action="stop"]').click();
    await until('the end', async () => await status() === 'stopped');
    assert.ok(await hasEnded(pid!), `the trainer ${pid!} has ended`);
    assert.equal(existsSync(control!.socket), false);
    const last = readEvents(directory()).events.at(-1);
    assert.ok(last?.type === 'finished' && last.reason === 'stopped');
  });

  it('shows the finished run again after the window was reloaded', async () => {
    const [steps, peak, changes] = [await figure('step'), await figure('peakBytes'), await panel.locator('[data-action="undo"]').count()];
    await window.reload();
    await until('the panel of the finished run', async () => await status() === 'stopped', 120_000);
    assert.deepEqual([await figure('step'), await figure('peakBytes')], [steps, peak]);
    assert.equal(await panel.locator('[data-action="undo"]').count(), changes);
    await until('every chart', async () => await panel.locator('canvas').count() === chartCount);
    for (const canvas of await panel.locator('canvas').all()) await until('a painted chart', async () => (await paintedPixels(canvas)).painted > 1000);
    await screenshot(page, 'main-job-finished');
  });
});
