/** The built view of step snapshots in headless Chromium, with files of our own. */
import { encodeSnapshot } from '../../src/protocol/snapshot/encodeSnapshot';
import type { StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';
import type { FromSnapshotView } from '../../src/protocol/snapshotPanel';
import { WebviewPage } from './webviewPage';

export class SnapshotPage extends WebviewPage {
  /** One snapshot, or two that are compared; waits until they are drawn. */
  async show(...snapshots: readonly StepSnapshot[]): Promise<void> {
    await this.showFiles(...snapshots.map(encodeSnapshot));
  }

  /** Resolves to the milliseconds from what the host sends until it is drawn. */
  async showFiles(...files: readonly Uint8Array[]): Promise<number> {
    // A page takes no bytes from outside but as text.
    const texts = files.map(bytes => Buffer.from(bytes).toString('base64'));
    return this.page.evaluate(async texts => {
      const files = texts.map((text, at) => ({ name: `run ${at}`, bytes: Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer }));
      const begun = performance.now();
      window.postMessage({ type: 'show', files }, '*', files.map(({ bytes }) => bytes));
      await new Promise(resolve => { setTimeout(resolve, 0); });
      await window.drawn();
      return performance.now() - begun;
    }, texts);
  }

  async refuse(message: string): Promise<void> {
    await this.post({ type: 'refuse', message });
  }

  posted(): Promise<FromSnapshotView[]> {
    return this.takePosted<FromSnapshotView>();
  }
}
