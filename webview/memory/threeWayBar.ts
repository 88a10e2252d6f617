/** The highest peak of the run in three, with all that was alive at that instant. */
import { formatBytes } from '../../src/protocol/format';
import type { Component } from '../component';
import { element, setText } from '../dom';
import { createShares } from './shares';

export function createThreeWayBar(): Component {
  const caption = element('p', { class: 'caption' });
  const shares = createShares('Peak', share => `${share}Bytes`, {
    model: 'parameters', optimizer: 'gradients and optimizer state', activations: 'activations and their gradients', beside: 'buffers, data, workspace and unattributed',
  });
  return {
    element: element('div', { class: 'at-peak' }, caption, shares.element),
    render: ({ state: { peak } }) => {
      if (peak === undefined) return;
      setText(caption, `All that was alive at the peak: ${formatBytes(peak.peakBytes)}`);
      shares.show(peak.bytesAtPeak);
    },
  };
}
