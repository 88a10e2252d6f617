/** The strip of figures under the bar: where the run is, how fast, how good, how large. */
import { formatBytes, formatCount, formatDuration, formatMilliseconds } from '../../src/protocol/format';
import { totalBytes } from '../../src/settings/stateBytes';
import type { Component } from '../component';
import { element } from '../dom';
import { createFigure } from '../figure';
import { formatAccuracy, formatExactBytes, formatLoss, formatRate } from '../format';
import { progressOf } from '../progress';
import type { View } from '../store';

interface KeyFigure {
  readonly name: string;
  readonly label: string;
  value(view: View): number | undefined;
  text(value: number, view: View): string;
  title?(value: number): string;
}

const keyFigures: readonly KeyFigure[] = [
  { name: 'step', label: 'Step', value: ({ state }) => state.step, text: (step, { state }) => outOf(step, state.started?.totalSteps) },
  { name: 'epoch', label: 'Epoch', value: view => progressOf(view).epoch, text: (epoch, { state }) => outOf(epoch, state.settings.epochs) },
  { name: 'loss', label: 'Loss', value: ({ state }) => state.latest?.loss, text: formatLoss },
  { name: 'validationAccuracy', label: 'Validation accuracy', value: ({ state }) => state.validation?.accuracy, text: formatAccuracy },
  { name: 'peakBytes', label: 'Peak memory', value: ({ state }) => state.peak?.peakBytes, text: formatBytes, title: formatExactBytes },
  {
    name: 'optimizerStateBytes', label: 'Optimizer state', value: ({ state: { latest } }) => latest && totalBytes(latest.memory.stateBytes),
    text: formatBytes, title: formatExactBytes,
  },
  { name: 'examplesPerSecond', label: 'Examples / s', value: view => progressOf(view).examplesPerSecond, text: formatRate },
  { name: 'stepMs', label: 'Time per step', value: view => progressOf(view).stepMs, text: formatMilliseconds },
  { name: 'elapsedMs', label: 'Elapsed', value: ({ state }) => state.elapsedMs, text: formatDuration },
  { name: 'etaMs', label: 'Time left', value: view => progressOf(view).etaMs, text: formatDuration },
];

export function createKeyFigures(): Component {
  const shown = keyFigures.map(({ name, label }) => createFigure(name, label));
  return {
    element: element('dl', { class: 'key-figures', 'aria-label': 'Key figures' }, ...shown.map(figure => figure.element)),
    render: view => keyFigures.forEach((figure, index) => {
      const value = figure.value(view);
      shown[index]?.show(value, value === undefined ? '' : figure.text(value, view), value === undefined ? undefined : figure.title?.(value));
    }),
  };
}

function outOf(part: number, whole: number | undefined): string {
  return whole === undefined ? formatCount(part) : `${formatCount(part)} / ${formatCount(whole)}`;
}
