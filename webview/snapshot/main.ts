/** The script of the view of step snapshots: reads what the host sends, and shows it. */
import './plainChecks';
import '../snapshot.css';
import type { FromSnapshotView, ToSnapshotView } from '../../src/protocol/snapshotPanel';
import { element } from '../dom';
import { observeTheme, readPalette } from '../theme';
import { createDifferenceView } from './difference/differenceView';
import { read, type Reading } from './reading';
import { createSnapshotView } from './snapshotView';
import type { SnapshotPart } from './snapshotPart';

declare function acquireVsCodeApi(): { postMessage(message: FromSnapshotView): void };

const api = acquireVsCodeApi();
const root = document.querySelector('#app') ?? document.body;
let shown: SnapshotPart | undefined;

function receive(message: ToSnapshotView): void {
  if (message.type === 'refuse') {
    refuse(message.message);
    return;
  }
  root.replaceChildren(element('p', { class: 'reading', role: 'status', 'data-stale': true }, 'Reading …'));
  // The words are painted before the reading begins, which may take a moment.
  requestAnimationFrame(() => setTimeout(() => {
    try {
      show(message.files.map(read));
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
    }
  }));
}

function show([first, second]: readonly Reading[]): void {
  shown?.dispose();
  if (first === undefined) return;
  const post = (message: FromSnapshotView) => api.postMessage(message);
  const palette = readPalette(document.body);
  shown = second === undefined ? createSnapshotView(first, post, palette) : createDifferenceView(first, second, post, palette);
  root.replaceChildren(shown.element);
}

function refuse(message: string): void {
  shown?.dispose();
  shown = undefined;
  root.replaceChildren(element('div', { class: 'refusal', role: 'alert' }, element('h1', {}, 'There is nothing to show'), element('p', {}, message)));
}

observeTheme(() => shown?.recolor(readPalette(document.body)));
addEventListener('message', ({ data }: MessageEvent<ToSnapshotView>) => receive(data));
api.postMessage({ type: 'ready' });
