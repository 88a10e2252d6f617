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

  async showFiles(...files: readonly Uint8Array[]): Promise<void> {
    // A page takes no bytes from outside but as text.
    await this.page.evaluate(async texts => {
      const files = texts.map((text, at) => ({ name: `run ${at}`, bytes: Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer }));
      window.postMessage({ type: 'show', files }, '*', files.map(({ bytes }) => bytes));
      await new Promise(resolve => { setTimeout(resolve, 0); });
      await window.drawn();
    }, files.map(bytes => Buffer.from(bytes).toString('base64')));
  }

  async refuse(message: string): Promise<void> {
    await this.post({ type: 'refuse', message });
  }

  posted(): Promise<FromSnapshotView[]> {
    return this.takePosted<FromSnapshotView>();
  }
}
