/** The view of step snapshots with a million events: how long until it is painted, and how much script a frame takes in use. */
import assert from 'node:assert/strict';
import { quantile } from '../../src/bench/statistics';
import { decodeSnapshot } from '../../src/protocol/snapshot/decodeSnapshot';
import { encodeSnapshot } from '../../src/protocol/snapshot/encodeSnapshot';
import { livesOf } from '../../src/protocol/snapshot/lives';
import { peakOf } from '../../src/protocol/snapshot/peak';
import { Timeline } from '../../src/protocol/snapshot/timeline';
import { report } from '../support/benchReport';
import { networkSnapshot, type NetworkShape } from '../support/networkSnapshot';
import { PanelBrowser } from '../support/panelPage';
import { measureScript, snapshotActs, type SnapshotAct } from '../support/snapshotActs';
import type { SnapshotPage } from '../support/snapshotPage';

const shapes: Readonly<Record<string, NetworkShape>> = {
  'few layers of many buffers': { layers: 4000, scratch: 48, small: 24 },
  'many layers of few buffers': { layers: 37_500, scratch: 4 },
};

for (const [name, shape] of Object.entries(shapes)) {
  describe(`bench: a step snapshot of a million events, ${name}`, function () {
    this.timeout(120_000);
    let [file, events] = [new Uint8Array(), 0];
    let browser: PanelBrowser;
    let view: SnapshotPage;
    before(async () => {
      const snapshot = networkSnapshot(shape);
      [file, events] = [encodeSnapshot(snapshot), snapshot.events.kind.length];
      assert.ok(events >= 1e6);
      assert.ok(peakOf(snapshot).alive.length >= 1e5);
      browser = await PanelBrowser.launch();
      view = await browser.openSnapshotView();
      await measureScript(view);
    });
    after(() => browser.close());

    it('is read and analysed', () => {
      const begun = performance.now();
      const decoded = decodeSnapshot(file);
      const read = performance.now();
      const lives = livesOf(decoded);
      peakOf(decoded, lives);
      new Timeline(lives);
      report(`${name}: decoded`, read - begun, 'ms');
      report(`${name}: lives, peak and timeline`, performance.now() - read, 'ms', { atMost: 1000 });
      report(`${name}: bytes of the file an event`, file.length / events, 'B');
    });

    it('is painted', async () => {
      report(`${name}: first paint`, await view.showFiles(file), 'ms', { atMost: 1000 });
    });

    for (const act of Object.keys(snapshotActs) as SnapshotAct[]) {
      it(`a frame: ${act}`, async () => {
        const script = await view.page.evaluate(act => window.scriptOf(act), act);
        assert.deepEqual(view.problems, []);
        report(`${name}: script of a frame, ${act}, median`, quantile(script, 0.5), 'ms');
        report(`${name}: script of a frame, ${act}, 95 of 100`, quantile(script, 0.95), 'ms', { atMost: 16 });
      });
    }

    it('is compared with another', async () => {
      report(`${name}: first paint beside another`, await view.showFiles(file, encodeSnapshot(networkSnapshot({ ...shape, batch: 50 }))), 'ms', { atMost: 2000 });
      assert.deepEqual(view.problems, []);
    });
  });
}
