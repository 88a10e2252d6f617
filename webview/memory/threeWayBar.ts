/** The peak in three: model, optimizer, activations; what is none of them stands beside, in its own shade. */
import { formatBytes, formatShare } from '../../src/protocol/format';
import { threeWay } from '../../src/protocol/samples';
import type { Component } from '../component';
import { element, setAttribute, setText } from '../dom';
import { absent, formatExactBytes } from '../format';

const shares = { model: 'Model', optimizer: 'Optimizer', activations: 'Activations', beside: 'Other' } as const;
const contents = {
  model: 'parameters', optimizer: 'gradients and optimizer state', activations: 'activations and their gradients', beside: 'data, workspace and unattributed',
} as const;
const names = Object.keys(shares) as (keyof typeof shares)[];

export function createThreeWayBar(): Component {
  const bar = element('div', { class: 'shares', role: 'img', 'aria-label': 'No peak yet' });
  const legend = element('dl', { class: 'share-legend' });
  const rows = names.map(name => {
    const part = element('div', { class: name, hidden: true });
    const [figure, share] = [element('dd', { 'data-figure': `${name}Bytes` }, absent), element('dd', { class: 'share' })];
    const swatch = element('span', { class: `swatch ${name}`, 'aria-hidden': 'true' });
    bar.append(part);
    legend.append(element('div', { title: contents[name] }, element('dt', {}, swatch, shares[name]), figure, share));
    return { name, part, figure, share };
  });
  return {
    element: element('div', { class: 'three-way' }, bar, legend),
    render: ({ state: { peak } }) => {
      if (peak === undefined) return;
      const bytes = threeWay(peak.bytesAtPeak);
      for (const { name, part, figure, share } of rows) {
        part.style.flexGrow = String(bytes[name]);
        part.hidden = bytes[name] === 0;
        setText(figure, formatBytes(bytes[name]));
        setAttribute(figure, 'data-value', bytes[name]);
        setAttribute(figure, 'title', formatExactBytes(bytes[name]));
        setText(share, peak.peakBytes === 0 ? '' : formatShare(bytes[name] / peak.peakBytes));
      }
      setAttribute(bar, 'aria-label', `Peak: ${names.map(name => `${shares[name]} ${formatBytes(bytes[name])}`).join(', ')}`);
    },
  };
}
