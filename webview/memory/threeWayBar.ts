/** The highest peak of the run in three, with all that was alive at that instant. */
import type { Component } from '../component';
import { createShares } from './shares';

export function createThreeWayBar(): Component {
  const shares = createShares('Peak', share => `${share}Bytes`, {
    model: 'parameters', optimizer: 'gradients and optimizer state', activations: 'activations and their gradients', beside: 'buffers, data, workspace and unattributed',
  });
  return {
    element: shares.element,
    render: ({ state: { peak } }) => {
      if (peak !== undefined) shares.show(peak.bytesAtPeak);
    },
  };
}
