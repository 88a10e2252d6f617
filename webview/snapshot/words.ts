/** What the view calls things. */
import { formatBytes, formatCount } from '../../src/protocol/format';
import { categories, type Category } from '../../src/protocol/samples';
import { eventKinds, type SnapshotAbout, type StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';
import { wordsOf } from '../../src/protocol/snapshot/ranking';
import type { Area } from '../../src/protocol/snapshot/treemap';
import { categoryLabels } from '../labels';

export const unknown: Readonly<Record<'layer' | 'operation' | 'source', string>> = { layer: 'no layer', operation: 'no operation', source: 'no line of the model' };

export const reasonLabels: Readonly<Record<SnapshotAbout['reason'], string>> = { asked: 'asked for', peak: 'new peak', predicted: 'predicted' };
export const reasonHelp: Readonly<Record<SnapshotAbout['reason'], string>> = {
  asked: 'Recorded because somebody asked for it.', peak: 'Recorded because the step before reached a new peak.', predicted: 'Computed from steps of a few examples. Nobody has measured it.',
};

/** `conv1 · Conv2D · float32 100x32x32x16` */
export function bufferWords(snapshot: StepSnapshot, buffer: number): string {
  const { layer, operation, type, shape } = wordsOf(snapshot, buffer);
  return [layer, operation, type === 'bytes' ? 'held outside TensorFlow.js' : `${type} ${shape === '' ? 'scalar' : shape}`].filter(Boolean).join(' · ');
}

/** An area of the treemap: a buffer, or how many there are that are too small to see. */
export function areaWords(snapshot: StepSnapshot, { layer, buffer, count }: Area): string {
  if (buffer !== undefined) return bufferWords(snapshot, buffer);
  const several = formatCount(count);
  return layer === undefined ? `${several} ${count === 1 ? 'buffer' : 'buffers'} of small layers` : `${snapshot.texts[layer] ?? ''}: ${several} small ${count === 1 ? 'buffer' : 'buffers'}`;
}

/** `model.ts:12` of a longer path. */
export function shortSource(source: string): string {
  return source.replace(/^.*[\\/]/, '');
}

const verbs = { there: 'was there', born: 'born', moved: 'becomes', died: 'dies' } as const;

/** What happened last before an instant: `born: conv1 · Conv2D · float32 100x32, 12.5 KiB`. */
export function eventWords(snapshot: StepSnapshot, event: number): string {
  const { kind, buffer, category } = snapshot.events;
  const [which, happened] = [buffer[event] ?? 0, eventKinds[kind[event] ?? 0] ?? 'there'];
  const what = `${bufferWords(snapshot, which)}, ${formatBytes(snapshot.buffers.bytes[which] ?? 0)}`;
  return `${happened === 'moved' ? `${verbs.moved} ${labelOf(category[event] ?? 0).toLowerCase()}` : verbs[happened]}: ${what}`;
}

export function categoryOf(number: number): Category {
  return categories[number] ?? 'unattributed';
}

export function labelOf(number: number): string {
  return categoryLabels[categoryOf(number)];
}

/** `0.42 ms`, `12.5 ms`, `1.20 s`. */
export function formatTime(ms: number): string {
  if (ms < 999.5) return `${ms === 0 ? '0' : ms < 0.01 ? ms.toFixed(3) : ms.toPrecision(3)} ms`;
  return `${(ms / 1000).toPrecision(3)} s`;
}
