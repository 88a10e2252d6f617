/** What there is at the instant under the pointer: when, how much, what just happened, the largest buffers. */
import { formatBytes, formatCount } from '../../../src/protocol/format';
import { instantAt } from '../../../src/protocol/snapshot/instant';
import { largest } from '../../../src/protocol/snapshot/ranking';
import { element } from '../../dom';
import { phaseLabels } from '../../labels';
import type { Reading } from '../reading';
import { bufferWords, categoryOf, eventWords, formatTime } from '../words';

const most = 4;
const width = 340;

export interface TimelineTooltip {
  readonly element: HTMLElement;
  /** `x` in a picture that is so wide. */
  show(reading: Reading, event: number, x: number, pictureWidth: number): void;
  hide(): void;
}

export function createTooltip(): TimelineTooltip {
  // What it says is also said by the legend, the slider's value and the table below.
  const box = element('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true });
  let shown: string | undefined;
  return {
    element: box,
    show: ({ name, lives, snapshot }, event, x, pictureWidth) => {
      const place = x + width + 24 > pictureWidth ? Math.max(0, x - width - 12) : x + 12;
      box.style.transform = `translateX(${place}px)`;
      box.hidden = false;
      if (shown === `${name} ${event}`) return;
      shown = `${name} ${event}`;
      const instant = instantAt(lives, event);
      const head = `${formatTime(instant.time)} · event ${formatCount(event)} · ${phaseLabels[instant.phase]}`;
      const buffers = largest(instant, most).map(buffer => element('li', {},
        element('span', { class: `swatch ${categoryOf(instant.category[buffer] ?? 0)}` }),
        element('span', { class: 'what' }, bufferWords(snapshot, buffer)), element('span', { class: 'value' }, formatBytes(snapshot.buffers.bytes[buffer] ?? 0))));
      box.replaceChildren(element('p', { class: 'caption' }, head), element('p', {}, element('strong', {}, formatBytes(instant.total)), ` in ${formatCount(instant.alive.length)} buffers`),
        element('p', { class: 'caption happened' }, eventWords(snapshot, event)), element('ul', {}, ...buffers));
    },
    hide: () => { box.hidden = true; },
  };
}
