/** Bytes in three: model, optimizer, activations; what is none of them stands beside, in its own shade. A bar, and what it says in figures. */
import { formatBytes, formatMegabytes, formatShare } from '../../src/protocol/format';
import { threeWay, type Bytes } from '../../src/protocol/samples';
import { element, setAttribute, setText } from '../dom';
import { absent, formatExactBytes } from '../format';

const labels = { model: 'Model', optimizer: 'Optimizer', activations: 'Activations', beside: 'Other' } as const;
export type Share = keyof typeof labels;
const names = Object.keys(labels) as Share[];

export interface Shares {
  readonly element: HTMLElement;
  show(bytes: Readonly<Bytes>): void;
}

/** `what` names the whole for screen readers, `figures` the figures for tests, `contents` what each share is made of. */
export function createShares(what: string, figures: (share: Share) => string, contents: Readonly<Record<Share, string>>): Shares {
  const bar = element('div', { class: 'shares', role: 'img', 'aria-label': `${what}: nothing yet` });
  const legend = element('dl', { class: 'share-legend' });
  const rows = names.map(name => {
    const part = element('div', { class: name, hidden: true });
    const [figure, share] = [element('dd', { 'data-figure': figures(name) }, absent), element('dd', { class: 'share' })];
    const swatch = element('span', { class: `swatch ${name}`, 'aria-hidden': 'true' });
    bar.append(part);
    legend.append(element('div', { title: contents[name] }, element('dt', {}, swatch, labels[name]), figure, share));
    return { name, part, figure, share };
  });
  return {
    element: element('div', { class: 'three-way' }, bar, legend),
    show: all => {
      const bytes = threeWay(all);
      const whole = names.reduce((sum, name) => sum + bytes[name], 0);
      for (const { name, part, figure, share } of rows) {
        part.style.flexGrow = String(bytes[name]);
        part.hidden = bytes[name] === 0;
        setText(figure, formatBytes(bytes[name]));
        setAttribute(figure, 'data-value', bytes[name]);
        setAttribute(figure, 'title', `${formatMegabytes(bytes[name])}, ${formatExactBytes(bytes[name])}`);
        setText(share, whole === 0 ? '' : formatShare(bytes[name] / whole));
      }
      setAttribute(bar, 'aria-label', `${what}: ${names.map(name => `${labels[name]} ${formatBytes(bytes[name])}`).join(', ')}`);
    },
  };
}
