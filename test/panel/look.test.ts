/** The look: four kinds of theme, every width, accessible in all of them; one picture of each in test-results. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { paintOf } from '../support/panelPaint';
import { PanelBrowser, type PanelPage } from '../support/panelPage';
import { PanelRun } from '../support/panelRun';
import { panelThemes, type ThemeName } from '../support/panelThemes';

const themes = Object.keys(panelThemes) as ThemeName[];

function busyRun(): PanelRun {
  const alternatives = [
    { name: 'webgpu', device: 'NVIDIA GeForce RTX 4070', stepMs: 3.214 }, { name: 'tensorflow', stepMs: 7.17 }, { name: 'wasm', stepMs: 7.33 },
  ];
  return new PanelRun().start({ name: 'webgpu', version: '4.22.0', device: 'NVIDIA GeForce RTX 4070', reason: 'the fastest', alternatives }).advance(60).apply({ density: 0.0025 }, 1).advance(30).apply({ learningRate: 0.02 }, 2).advance(6)
    .apply({ density: 0.01 }, 3, 1).advance(32).await({ window: 64 }, 4);
}

function thriftyRun(): PanelRun {
  return new PanelRun({
    optimizer: 'sgd', momentum: 0.9, batchSize: 100, microbatch: 50, recompute: 'named', recomputeLayers: ['block1', 'block2'], activationPrecision: 'float16',
    parameterPrecision: 'float16', momentPrecision: 'float16', weightDensity: 0.3, rewireEvery: 20,
  }).start().advance(60).apply({ microbatch: 20 }, 1).advance(60).await({ activationPrecision: 'float32' }, 2);
}

describe('panel: look', function () {
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

  for (const theme of themes) {
    it(`${theme}: no grave finding of axe with all techniques that save memory`, async () => {
      panel = await browser.open(theme);
      await panel.send(thriftyRun().snapshot());
      for (const summary of await panel.page.locator('summary').all()) await summary.click();
      await panel.send(thriftyRun().snapshot());
      await panel.page.evaluate(() => { scrollTo(0, 0); });
      await panel.page.screenshot({ path: `test-results/memory-${theme}.png`, fullPage: true });
      assert.deepEqual(await panel.graveFindings(), []);
    });

    it(`${theme}: no grave finding of axe, whatever is shown`, async () => {
      panel = await browser.open(theme);
      await panel.send(busyRun().snapshot());
      await panel.page.screenshot({ path: `test-results/panel-${theme}.png`, fullPage: true });
      assert.deepEqual(await panel.graveFindings(), []);
      const run = new PanelRun({}, '/short').start().advance(8);
      await panel.send(run.snapshot());
      for (const summary of await panel.page.locator('summary').all()) await summary.click();
      assert.deepEqual(await panel.graveFindings(), []);
      for (const toggle of await panel.page.locator('[data-action="table"]').all()) await toggle.click();
      await panel.page.locator('[data-knob="density"] input[type=number]').fill('200');
      await panel.send(run.reject(5, 'density is 2').update());
      assert.deepEqual(await panel.graveFindings(), []);
      await panel.send(run.finish('failed', 'The backend tensorflow ran out of memory: OOM when allocating tensor with shape[4096,4096]. Lower batchSize, or use another backend.', 'wasm').update());
      await panel.page.evaluate(() => { scrollTo(0, 0); });
      await panel.page.screenshot({ path: `test-results/failed-${theme}.png` });
      assert.deepEqual(await panel.graveFindings(), []);
    });
  }

  for (const width of [500, 700, 900, 1020, 1180, 1400, 1800]) {
    it(`${width} pixels wide: nothing is wider than the panel, no chart is lost`, async () => {
      panel = await browser.open('dark', { width, height: 900 });
      await panel.send(busyRun().snapshot());
      for (const summary of await panel.page.locator('summary').all()) await summary.click();
      const wide = await panel.page.evaluate(() => {
        const page = document.documentElement;
        const parts = [...document.querySelectorAll<HTMLElement>('section, table, canvas, .note, .knob, .key-figures, .bar-row')];
        const sticking = parts.filter(node => {
          const parent = node.parentElement!.getBoundingClientRect();
          const own = node.getBoundingClientRect();
          return own.width > 0 && (own.right > parent.right + 1 || own.right > page.clientWidth + 1);
        });
        return [page.scrollWidth > page.clientWidth ? `page ${page.scrollWidth}` : '', ...sticking.map(node => `${node.tagName}.${node.className}`)].filter(Boolean);
      });
      assert.deepEqual(wide, []);
      for (const canvas of await panel.page.locator('canvas').all()) {
        const { width: own, height } = (await canvas.boundingBox())!;
        assert.ok(own > 250 && height > 180, `${own} by ${height}`);
      }
    });
  }

  it('keeps the height of its charts, however often it is resized', async () => {
    panel = await browser.open('dark', { width: 1000, height: 900 });
    await panel.send(busyRun().snapshot());
    const heights = () => panel.page.locator('canvas').evaluateAll(nodes => nodes.map(node => node.getBoundingClientRect().height));
    const before = await heights();
    for (let index = 0; index < 20; index++) await panel.page.setViewportSize({ width: index % 2 === 0 ? 613 : 1000, height: 900 });
    await panel.send(busyRun().snapshot());
    assert.deepEqual(await heights(), before);
  });

  it('repaints its charts in the colors of a new theme', async () => {
    panel = await browser.open('dark');
    await panel.send(busyRun().snapshot());
    for (const theme of ['light', 'high-contrast-dark', 'high-contrast-light', 'dark'] as const) {
      const earlier = await paintOf(panel, 'memory');
      await panel.changeTheme(theme);
      const color = await panel.page.evaluate(() => getComputedStyle(document.querySelector('.swatch.parameters')!).backgroundColor.replace(/rgb\(|\)| /g, ''));
      const later = await paintOf(panel, 'memory');
      assert.notEqual(later.digest, earlier.digest, theme);
      assert.ok(later.colors.includes(color), `${theme}: ${color} is not among ${later.colors.join(' ')}`);
    }
  });
});
