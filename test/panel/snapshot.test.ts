/** The view of step snapshots: what it shows, how it is used, how it looks, and how much it does for a large one. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { differenceOf } from '../../src/protocol/snapshot/difference';
import { encodeSnapshot } from '../../src/protocol/snapshot/encodeSnapshot';
import { peakOf } from '../../src/protocol/snapshot/peak';
import { rank } from '../../src/protocol/snapshot/ranking';
import { networkSnapshot } from '../support/networkSnapshot';
import { paintOf } from '../support/panelPaint';
import { PanelBrowser } from '../support/panelPage';
import { panelThemes, type ThemeName } from '../support/panelThemes';
import { SnapshotBuilder } from '../support/snapshotBuilder';
import type { SnapshotPage } from '../support/snapshotPage';

const snapshot = networkSnapshot({ about: { reason: 'peak', run: '20260105-100000-wrn-28-2-1a2b', stepMs: 1243, usualStepMs: 1107 } });
const smaller = networkSnapshot({ batch: 50, layers: 27 });
const peak = peakOf(snapshot);
const { lives } = peak;

describe('panel: step snapshots', function () {
  this.timeout(60_000);
  let browser: PanelBrowser;
  let view: SnapshotPage;
  before(async () => {
    mkdirSync('test-results', { recursive: true });
    browser = await PanelBrowser.launch();
  });
  after(() => browser.close());
  afterEach(async () => {
    await view.close();
    assert.deepEqual(view.problems, []);
  });
  const open = async (theme: ThemeName = 'dark') => {
    view = await browser.openSnapshotView(theme);
    await view.show(snapshot);
  };
  const slider = () => view.page.getByRole('slider');
  const chosen = async () => Number(await slider().getAttribute('aria-valuenow'));
  const rows = (column: number) => view.page.locator(`.ranking tbody tr > :nth-child(${column})`);
  const values = async () => (await rows(2).evaluateAll(cells => cells.map(cell => Number(cell.getAttribute('data-value')))));

  it('says what it is of, and ranks what lives at the peak', async () => {
    await open();
    assert.equal(await view.text('h1'), 'Step 12');
    assert.match(await view.text('.title'), /new peak/);
    assert.match(await view.text('.setup'), /^wrn-28-2 · wasm · 20260105/);
    assert.equal(await view.figure('peak'), peak.total);
    assert.equal(await view.figure('events'), snapshot.events.kind.length);
    assert.equal(await chosen(), peak.event);
    assert.deepEqual(await values(), rank(peak, 'layer').map(({ bytes }) => bytes));
    for (const by of ['category', 'operation', 'source', 'buffer'] as const) {
      await view.page.locator('[data-control="group"]').selectOption(by);
      assert.deepEqual(await values(), rank(peak, by).map(({ bytes }) => bytes).slice(0, 100), by);
    }
  });

  it('filters by the words of layer, operation, shape, line and category; sorts by any column', async () => {
    await open();
    await view.page.locator('[data-control="filter"]').fill('activations norm');
    const names = await rows(1).allInnerTexts();
    assert.ok(names.length > 5 && names.every(name => name.includes('norm')), names.join(', '));
    await view.page.locator('[data-sort="name"]').click();
    assert.deepEqual(await rows(1).allInnerTexts(), names.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true })));
    assert.equal(await view.page.locator('th:has([data-sort="name"])').getAttribute('aria-sort'), 'ascending');
    await view.page.locator('[data-sort="bytes"]').click();
    await view.page.locator('[data-sort="bytes"]').click();
    const ascending = await values();
    assert.deepEqual(ascending, ascending.toSorted((a, b) => a - b));
    await view.page.locator('[data-control="filter"]').fill('nowhere');
    assert.match(await view.text('.ranked-table'), /Nothing that lives here fits the filter/);
  });

  it('moves the instant with keys and clicks, and goes back to the peak', async () => {
    await open();
    await slider().focus();
    await view.page.keyboard.press('ArrowLeft');
    await view.drawn();
    assert.equal(await chosen(), peak.event - 1);
    assert.match(await view.text('section[aria-label="What lives"] > header'), /at the chosen instant/);
    await view.page.keyboard.press('End');
    await view.drawn();
    assert.equal(await chosen(), lives.last);
    await view.page.keyboard.press('Home');
    await view.drawn();
    assert.match((await slider().getAttribute('aria-valuetext'))!, /after event 55, at 0 ms, forward pass/);
    const box = (await slider().boundingBox())!;
    await slider().click({ position: { x: box.width / 2, y: 150 } });
    await view.drawn();
    assert.ok(await chosen() > lives.first && await chosen() !== peak.event);
    await view.page.locator('[data-action="peak"]').click();
    await view.drawn();
    assert.equal(await chosen(), peak.event);
    assert.deepEqual(await values(), rank(peak, 'layer').map(({ bytes }) => bytes));
  });

  it('says what lives under the pointer, and zooms into what is dragged', async () => {
    await open();
    const box = (await slider().boundingBox())!;
    await view.page.mouse.move(box.x + 400, box.y + 120);
    await view.drawn();
    assert.match(await view.text('.tooltip'), /ms · event \d+ · forward pass\s+[\d.]+ MiB in \d+ buffers\s+\S.*\s+block1\/unit1\/conv1 · Conv2D/);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 460, box.y + 120, { steps: 4 });
    await view.page.mouse.up();
    await view.drawn();
    assert.equal(await view.page.locator('[data-action="whole"]').isDisabled(), false);
    await slider().press('Escape');
    await view.drawn();
    assert.equal(await view.page.locator('[data-action="whole"]').isDisabled(), true);
    await view.page.locator('[data-scale="event"]').click();
    await view.drawn();
    assert.equal(await view.page.locator('[data-scale="event"]').getAttribute('aria-pressed'), 'true');
  });

  it('asks for the line of a row, of an area, and for another snapshot', async () => {
    await open();
    await view.page.locator('.ranking [data-source]').first().click();
    assert.deepEqual(await view.posted(), [{ type: 'openSource', source: 'model.ts:10' }]);
    await view.page.locator('.treemap-box').click({ position: { x: 40, y: 60 } });
    const [message] = await view.posted();
    assert.ok(message?.type === 'openSource' && message.source.startsWith('model.ts:'));
    await view.page.locator('[data-action="compare"]').click();
    assert.deepEqual(await view.posted(), [{ type: 'compare' }]);
    for (const [card, chart] of [['timeline', 'live'], ['treemap', 'treemap']] as const) {
      for (const format of ['png', 'svg'] as const) {
        await view.page.locator(`[data-chart="${card}"] [data-action="save-${format}"]`).focus();
        await view.page.keyboard.press('Enter');
        assert.deepEqual((await view.posted()).at(-1), { type: 'savePicture', file: 0, chart, format });
      }
    }
  });

  it('goes from area to area with the keyboard, and says which', async () => {
    await open();
    const words = () => view.text('.area-words');
    await view.page.locator('.treemap-box').focus();
    await view.page.keyboard.press('ArrowRight');
    await view.drawn();
    const first = await words();
    assert.match(first, /^Activations · block1\/unit1\/conv1 · .* · 6\.25 MiB · 5\.6 % · model\.ts:10$/);
    await view.page.keyboard.press('ArrowRight');
    await view.drawn();
    assert.notEqual(await words(), first);
    await view.page.keyboard.press('Enter');
    assert.equal((await view.posted()).length, 1);
  });

  it('shows what appeared, grew, vanished and shrank between two', async () => {
    view = await browser.openSnapshotView();
    await view.show(smaller, snapshot);
    const { sums, buffers } = differenceOf(peakOf(smaller), peak);
    assert.equal(await view.figure('peakChange'), peak.total - peakOf(smaller).total);
    for (const kind of ['appeared', 'grew', 'vanished', 'shrank'] as const) assert.equal(await view.figure(kind), sums[kind].change, kind);
    const changes = await view.page.locator('[data-kind] td:last-child').evaluateAll(cells => cells.map(cell => Number(cell.getAttribute('data-value'))));
    assert.deepEqual(changes, buffers.slice(0, 100).map(({ change }) => change));
    await view.page.locator('[data-control="kind"]').selectOption('vanished');
    assert.ok((await view.page.locator('[data-kind]').evaluateAll(found => found.map(row => row.getAttribute('data-kind')))).every(kind => kind === 'vanished'));
    await view.page.getByRole('slider').first().press('Home');
    await view.drawn();
    assert.match(await view.text('section[aria-label="What differs"] > header'), /at the chosen instants/);
    await view.show(snapshot, snapshot);
    assert.match(await view.text('h1'), /Peaks of equal size/);
    assert.match(await view.text('.differs'), /No buffer differs\./);
  });

  it('says what is wrong with a file, and what a step without events is', async () => {
    view = await browser.openSnapshotView();
    await view.showFiles(encodeSnapshot(snapshot).subarray(0, 500));
    assert.match(await view.text('[role="alert"]'), /This step snapshot is cut off: .*Record the step again\./);
    await view.refuse('It was removed.');
    assert.match(await view.text('[role="alert"]'), /It was removed\./);
    await view.show(new SnapshotBuilder().build());
    assert.match(await view.text('.timeline-box'), /Nothing was allocated or released in this step/);
  });

  for (const theme of Object.keys(panelThemes) as ThemeName[]) {
    it(`${theme}: no grave finding of axe, in one snapshot and in the difference of two`, async () => {
      await open(theme);
      await view.page.screenshot({ path: `test-results/snapshot-${theme}.png`, fullPage: true });
      assert.deepEqual(await view.graveFindings(), []);
      await view.show(smaller, snapshot);
      await view.page.screenshot({ path: `test-results/snapshots-${theme}.png`, fullPage: true });
      assert.deepEqual(await view.graveFindings(), []);
    });
  }

  it('repaints in the colors of a new theme', async () => {
    await open('dark');
    for (const theme of ['light', 'dark'] as const) {
      await view.changeTheme(theme);
      const color = await view.page.evaluate(() => getComputedStyle(document.querySelector('.swatch.activations')!).backgroundColor.replace(/rgb\(|\)| /g, ''));
      for (const chart of ['timeline', 'treemap']) assert.ok((await paintOf(view, chart)).colors.includes(color), `${theme}: ${color} in ${chart}`);
    }
  });

  for (const width of [420, 760, 1100, 1800]) {
    it(`${width} pixels wide: nothing is wider than the view`, async () => {
      view = await browser.openSnapshotView('dark', { width, height: 900 });
      for (const shown of [[snapshot], [smaller, snapshot]]) {
        await view.show(...shown);
        const [inner, outer] = await view.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const);
        assert.ok(inner <= outer, `${inner} of ${outer}`);
      }
    });
  }

  it('draws as many columns as it is wide, whatever the number of events, and as many rows and areas as can be seen', async () => {
    view = await browser.openSnapshotView('dark');
    await view.show(networkSnapshot({ layers: 2000, scratch: 10 }));
    assert.ok(Number(await view.page.locator('[data-columns]').getAttribute('data-columns')) < 1400);
    assert.ok(Number(await view.page.locator('[data-areas]').getAttribute('data-areas')) < 12_000);
    await view.page.locator('[data-control="group"]').selectOption('buffer');
    assert.equal(await rows(1).count(), 100);
    await view.page.locator('[data-action="more"]').click();
    assert.equal(await rows(1).count(), 150);
  });
});
