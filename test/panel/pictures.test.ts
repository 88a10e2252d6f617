/** What a chart of the panel becomes when it is kept: a picture, or a table as text. */
import assert from 'node:assert/strict';
import { fromPanel } from '../../src/protocol/panel';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';
import { decodePng } from '../support/decodePng';

describe('panel: pictures of charts', function () {
  this.timeout(60_000);
  let browser: PanelBrowser;
  let panel: PanelPage;
  before(async () => { browser = await PanelBrowser.launch(); });
  after(() => browser.close());
  afterEach(async () => {
    await panel.close();
    assert.deepEqual(panel.problems, []);
  });
  const press = async (chart: string, action: string) => {
    const button = panel.page.locator(`[data-chart="${chart}"] [data-action="${action}"]`);
    await button.focus();
    await panel.page.keyboard.press('Enter');
  };

  it('are offered when there is something to see, and reached by the keyboard', async () => {
    panel = await browser.open();
    const run = new PanelRun().start();
    await panel.send(run.snapshot());
    assert.equal(await panel.page.locator('[data-chart="loss"] [data-action="save-png"]').isVisible(), false);
    await panel.send(run.advance(40).update());
    assert.equal(await panel.page.getByRole('button', { name: 'Save picture: Loss, as SVG' }).isVisible(), true);
    await press('updateCosine', 'save-svg');
    assert.deepEqual(await panel.posted(), [{ type: 'savePicture', chart: 'updateCosine' }]);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`a PNG is twice as fine as its chart, with the background of ${theme}, title and curves, and the panel stays as it is`, async () => {
      panel = await browser.open(theme);
      await panel.send(new PanelRun().start().advance(60).snapshot());
      const canvas = panel.page.locator('[data-chart="memory"] canvas');
      const before = await canvas.evaluate((node: HTMLCanvasElement) => [node.width, node.height, node.toDataURL()]);
      await press('memory', 'save-png');
      const [message] = (await panel.posted()).map(posted => fromPanel.parse(posted));
      assert.ok(message?.type === 'savePicture' && message.png !== undefined);
      const { width, height, pixel } = decodePng(Buffer.from(message.png, 'base64'));
      const size = await canvas.evaluate((node: HTMLCanvasElement) => [node.clientWidth, node.clientHeight]);
      assert.equal(width, 2 * (size[0]! + 28));
      assert.ok(height > 2 * size[1]!, 'title and legend stand above the chart');
      const background = await panel.page.evaluate(() => getComputedStyle(document.body).getPropertyValue('--efcp-background').trim());
      assert.equal(`#${[...pixel(1, 1)].slice(0, 3).map(channel => channel.toString(16).padStart(2, '0')).join('')}`, background.toLowerCase());
      const colors = new Set(Array.from({ length: height }, (_, y) => pixel(width >> 1, y).join()));
      assert.ok(colors.size > 6, 'the stack has a colour for each category');
      assert.deepEqual(await canvas.evaluate((node: HTMLCanvasElement) => [node.width, node.height, node.toDataURL()]), before);
    });
  }

  it('a table is copied as Markdown', async () => {
    panel = await browser.open();
    await panel.page.evaluate(() => { Object.defineProperty(navigator, 'clipboard', { value: { writeText: (text: string) => { document.body.dataset['copied'] = text; return Promise.resolve(); } } }); });
    await panel.send(new PanelRun().start().advance(3).snapshot());
    await press('loss', 'table');
    assert.equal(await panel.page.locator('[data-chart="loss"] [data-action="save-png"]').isVisible(), false);
    await press('loss', 'copy-table');
    const [head, rule, ...rows] = (await panel.page.evaluate(() => document.body.dataset['copied'] ?? '')).split('\n');
    assert.equal(head, '| Step | Train mean | Lowest | Highest | Validation |');
    assert.equal(rule, '|---|---:|---:|---:|---:|');
    assert.equal(rows.length, 3);
    assert.match(rows[0]!, /^\| 6 \| 2\.\d+ \|/);
  });
});
