/** The view of step snapshots with a million events: how long until it is painted, and how much script a frame takes in use. */
import assert from 'node:assert/strict';
import { quantile } from '../../src/bench/statistics';
import { decodeSnapshot } from '../../src/protocol/snapshot/decodeSnapshot';
import { encodeSnapshot } from '../../src/protocol/snapshot/encodeSnapshot';
import { livesOf } from '../../src/protocol/snapshot/lives';
import { peakOf } from '../../src/protocol/snapshot/peak';
import { Timeline } from '../../src/protocol/snapshot/timeline';
import { report } from '../support/benchReport';
import { networkSnapshot } from '../support/networkSnapshot';
import { PanelBrowser } from '../support/panelPage';
import type { SnapshotPage } from '../support/snapshotPage';

declare global {
  interface Window {
    bytes: ArrayBuffer;
    /** Milliseconds of script in each animation frame, by its time. */
    scriptMs: Map<number, number>;
  }
}

describe('bench: a step snapshot of a million events', function () {
  this.timeout(120_000);
  const snapshot = networkSnapshot({ layers: 4000, scratch: 60 });
  const file = encodeSnapshot(snapshot);
  let browser: PanelBrowser;
  let view: SnapshotPage;
  before(async () => {
    assert.ok(snapshot.events.kind.length >= 1e6);
    browser = await PanelBrowser.launch();
    view = await browser.openSnapshotView();
  });
  after(() => browser.close());

  it('is read and analysed', () => {
    const begun = performance.now();
    const decoded = decodeSnapshot(file);
    const read = performance.now();
    const lives = livesOf(decoded);
    peakOf(decoded, lives);
    new Timeline(lives);
    report('a million events decoded', read - begun, 'ms');
    report('a million events analysed: lives, peak, timeline', performance.now() - read, 'ms', { atMost: 1000 });
    report('bytes of the file an event', file.length / snapshot.events.kind.length, 'B');
  });

  it('is painted', async () => {
    await view.page.evaluate(() => {
      window.scriptMs = new Map();
      const original = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = callback => original(time => {
        const begun = performance.now();
        callback(time);
        window.scriptMs.set(time, (window.scriptMs.get(time) ?? 0) + performance.now() - begun);
      });
    });
    await view.page.evaluate(text => { window.bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer; }, Buffer.from(file).toString('base64'));
    const ms = await view.page.evaluate(async () => {
      const begun = performance.now();
      window.postMessage({ type: 'show', files: [{ name: 'large', bytes: window.bytes }] }, '*');
      await new Promise(resolve => { setTimeout(resolve, 0); });
      await window.drawn();
      return performance.now() - begun;
    });
    assert.deepEqual(view.problems, []);
    report('first paint of a million events', ms, 'ms', { atMost: 1000 });
  });

  for (const [name, event] of [['pointer over the timeline', 'move'], ['wheel into the timeline', 'wheel'], ['an arrow key from instant to instant', 'key']] as const) {
    it(`a frame: ${name}`, async () => {
      const script = await view.page.evaluate(async kind => {
        const stage = document.querySelector('.timeline-box')!;
        const { left, top, width } = stage.getBoundingClientRect();
        const acts: Readonly<Record<string, (turn: number) => Event>> = {
          move: turn => new PointerEvent('pointermove', { bubbles: true, clientX: left + 80 + (turn * 37) % (width - 100), clientY: top + 100 }),
          wheel: turn => new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true, deltaY: turn % 20 < 10 ? -1 : 1, clientX: left + width / 2, clientY: top + 100 }),
          key: turn => new KeyboardEvent('keydown', { bubbles: true, cancelable: true, key: turn % 2 === 0 ? 'PageDown' : 'ArrowRight' }),
        };
        const worst: number[] = [];
        for (let turn = 0; turn < 60; turn++) {
          window.scriptMs.clear();
          const begun = performance.now();
          stage.dispatchEvent(acts[kind]!(turn));
          const handler = performance.now() - begun;
          await window.drawn();
          const [first = 0, ...later] = window.scriptMs.values();
          worst.push(Math.max(handler + first, ...later));
        }
        return worst;
      }, event);
      report(`script of a frame, ${name}, median`, quantile(script, 0.5), 'ms', { atMost: 16 });
      report(`script of a frame, ${name}, 95 of 100`, quantile(script, 0.95), 'ms');
    });
  }
});
