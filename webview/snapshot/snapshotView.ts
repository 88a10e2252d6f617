/** One snapshot: what it is of, how many bytes live when, and what they are. */
import { instantAt } from '../../src/protocol/snapshot/instant';
import type { FromSnapshotView } from '../../src/protocol/snapshotPanel';
import { element } from '../dom';
import type { Palette } from '../theme';
import { createRankedSection } from './ranking/rankedSection';
import type { Reading } from './reading';
import { createSnapshotHeader } from './snapshotHeader';
import type { SnapshotPart } from './snapshotPart';
import { TimelineCard } from './timeline/timelineCard';

export function createSnapshotView(reading: Reading, post: (message: FromSnapshotView) => void, palette: Palette): SnapshotPart {
  const timeline = new TimelineCard(reading, palette, { title: 'Across the step', mostBytes: reading.peak.total, chosen: instant => ranked.show(instant), save: format => post({ type: 'savePicture', file: 0, chart: 'live', format }) });
  const ranked = createRankedSection(reading, post, palette, () => {
    timeline.show(reading.peak.event);
    ranked.show(instantAt(reading.lives, reading.peak.event));
  });
  return {
    element: element('div', { class: 'snapshot panel' }, createSnapshotHeader(reading, post), element('div', { class: 'pictures' }, element('section', { 'aria-label': 'Across the step' }, timeline.element), ranked.element)),
    recolor: next => {
      timeline.recolor(next);
      ranked.recolor(next);
    },
    dispose: () => {
      timeline.dispose();
      ranked.dispose();
    },
  };
}
