/** Bytes as bars: the peak by category, with what was predicted of each, and the parts of the optimizer's state. */
import { formatBytes, formatShare } from '../../protocol/format';
import { categoryLabels, partLabels, phaseLabels } from '../../protocol/labels';
import { categories, sumBytes } from '../../protocol/samples';
import { stateParts } from '../../settings/stateBytes';
import type { RecordedRun } from '../recordedRun';
import { rectangle, stroke, words, type Scene, type Shape } from '../pictures/scene';
import { heading } from './chart';
import { categoryColors, ink, muted } from './colors';

export interface Bar {
  readonly label: string;
  readonly bytes: number;
  readonly color: string;
  readonly predicted?: number | undefined;
}

const [width, left, right, barHeight, pitch, top] = [980, 190, 740, 20, 32, 78];

export function breakdownChart({ state: { peak, started }, record }: RecordedRun): Scene {
  const bytes = peak?.bytesAtPeak;
  const predicted = started?.predicted?.bytesAtPeak;
  const bars = categories.map((category): Bar => ({ label: categoryLabels[category], bytes: bytes?.[category] ?? 0, color: categoryColors[category], predicted: predicted?.[category] }));
  const total = bytes === undefined ? 0 : sumBytes(bytes);
  const guess = started?.predicted === undefined ? '' : `; predicted for its start ${formatBytes(started.predicted.peakBytes)} (dark marks)`;
  return barChart('What the peak is made of', `${record.name}; peak ${formatBytes(total)}${peak === undefined ? '' : `, in the ${phaseLabels[peak.peakPhase]}`}${guess}`, bars, total);
}

export function stateChart({ state: { latest }, record }: RecordedRun): Scene | undefined {
  const bytes = latest?.memory.stateBytes ?? {};
  const bars = stateParts.flatMap((part): Bar[] => (bytes[part] ?? 0) === 0 ? [] : [{ label: partLabels[part], bytes: bytes[part] ?? 0, color: categoryColors.optimizerState }]);
  if (bars.length === 0) return undefined;
  const total = bars.reduce((sum, bar) => sum + bar.bytes, 0);
  return barChart('What the optimizer keeps', `${record.name}; ${formatBytes(total)} of state`, bars, total);
}

export function barChart(title: string, subtitle: string, bars: readonly Bar[], total: number): Scene {
  const most = Math.max(1, ...bars.flatMap(({ bytes, predicted = 0 }) => [bytes, predicted]));
  const at = (bytes: number) => left + (right - left) * bytes / most;
  const shapes = bars.flatMap(({ label, bytes, color, predicted }, index): Shape[] => {
    const y = top + index * pitch;
    const mark = predicted === undefined ? [] : [stroke([[at(predicted), y - 3], [at(predicted), y + barHeight + 3]], ink, 2)];
    const share = total === 0 ? 0 : bytes / total;
    return [
      words(label, [left - 12, y + 15], ink, { size: 13, anchor: 'end' }), ...bytes === 0 ? [] : [rectangle(left, y, Math.max(1, at(bytes) - left), barHeight, color, `${label}: ${formatBytes(bytes)}`)], ...mark,
      words(formatBytes(bytes), [right + 110, y + 15], ink, { size: 13, anchor: 'end' }), words(formatShare(share), [right + 200, y + 15], muted, { size: 13, anchor: 'end' }),
    ];
  });
  return {
    width, height: top + bars.length * pitch + 16, title: `${title}: ${subtitle}`, shapes: [...heading(title, subtitle), ...shapes],
    description: `${bars.filter(({ bytes }) => bytes > 0).map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(', ')}.`,
  };
}
