/** Two snapshots: both timelines on one scale, and what differs between the two instants chosen there, at first the peaks. */
import { formatByteChange, formatBytes } from '../../../src/protocol/format';
import { differenceOf } from '../../../src/protocol/snapshot/difference';
import type { FromSnapshotView } from '../../../src/protocol/snapshotPanel';
import type { PictureFormat } from '../../charts/chartActions';
import { element, setAttribute } from '../../dom';
import { createScheduler } from '../../scheduler';
import type { Palette } from '../../theme';
import type { Reading } from '../reading';
import { badgeOf, setupOf, titleOf } from '../snapshotHeader';
import type { SnapshotPart } from '../snapshotPart';
import { TimelineCard } from '../timeline/timelineCard';
import { createDifferenceSection } from './differenceSection';

export function createDifferenceView(before: Reading, after: Reading, post: (message: FromSnapshotView) => void, palette: Palette): SnapshotPart {
  let [first, second] = [before.peak, after.peak];
  const section = createDifferenceSection(before, after, source => post({ type: 'openSource', source }));
  const render = () => {
    section.show(differenceOf(first, second));
    setAttribute(section.element, 'data-stale', undefined);
  };
  // Of a million events this takes longer than a frame: the timeline answers before; words and tables follow together.
  const request = createScheduler(render, callback => requestAnimationFrame(() => requestAnimationFrame(callback)));
  const show = () => {
    setAttribute(section.element, 'data-stale', true);
    request();
  };
  const mostBytes = Math.max(before.peak.total, after.peak.total);
  const save = (file: 0 | 1) => (format: PictureFormat) => post({ type: 'savePicture', file, chart: 'live', format });
  const timelines = [
    new TimelineCard(before, palette, { title: `Before: ${titleOf(before)}`, mostBytes, chosen: instant => { first = instant; show(); }, save: save(0) }),
    new TimelineCard(after, palette, { title: `After: ${titleOf(after)}`, mostBytes, chosen: instant => { second = instant; show(); }, save: save(1) }),
  ];
  render();
  return {
    element: element('div', { class: 'snapshot panel' }, headerOf(before, after),
      element('div', { class: 'pictures' }, section.element, element('section', { 'aria-label': 'Across both steps' }, element('div', { class: 'stack' }, ...timelines.map(timeline => timeline.element))))),
    recolor: next => { for (const timeline of timelines) timeline.recolor(next); },
    dispose: () => { for (const timeline of timelines) timeline.dispose(); },
  };
}

function headerOf(before: Reading, after: Reading): HTMLElement {
  const side = (word: string, reading: Reading) => element('p', { class: 'setup', title: reading.name }, element('strong', {}, `${word}: ${titleOf(reading)}`), badgeOf(reading), `${formatBytes(reading.peak.total)} · ${setupOf(reading)}`);
  const change = after.peak.total - before.peak.total;
  const title = element('div', { class: 'title' }, element('h1', { 'data-figure': 'peakChange', 'data-value': change }, change === 0 ? 'Peaks of equal size' : `Peak ${formatByteChange(change)}`), side('Before', before), side('After', after));
  return element('header', { class: 'bar' }, element('div', { class: 'bar-row' }, title));
}
