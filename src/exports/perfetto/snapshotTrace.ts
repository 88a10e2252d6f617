/**
 * A step snapshot as a trace: live bytes by category and in all, the phases, which layer was at work, and the lives of the largest
 * buffers. Lives overlap, slices of a track must not: each takes the first lane of its category that is free.
 */
import { categories } from '../../protocol/samples';
import { nowhere, type Lives } from '../../protocol/snapshot/lives';
import { phaseStretches } from '../../protocol/snapshot/phaseStretches';
import { nameOf, wordsOf } from '../../protocol/snapshot/ranking';
import type { TraceItem } from './traceItem';

/** Buffers whose lives are shown; smaller ones are in the counters alone. */
const mostLives = 4000;
const microseconds = 1000;

export function* snapshotTrace(lives: Lives): Generator<TraceItem> {
  const { last, snapshot: { events: { time } } } = lives;
  if (last < 0) return;
  yield* counters(lives);
  for (const { phase, from, to } of phaseStretches(lives)) yield slice('Phases', phase, time[from] ?? 0, time[Math.min(to, last)] ?? 0);
  yield* layers(lives);
  yield* buffers(lives);
}

function slice(track: string, name: string, from: number, to: number, details: Readonly<Record<string, string | number>> = {}): TraceItem {
  return { kind: 'slice', track, name, at: from * microseconds, duration: Math.max(0, to - from) * microseconds, details };
}

/** One value for each event that changes something; those of a moment before everything that was there is counted are left out. */
function* counters({ from, to, first, last, snapshot: { events, buffers: { bytes } } }: Lives): Generator<TraceItem> {
  const live = categories.map(() => 0);
  let total = 0;
  const counter = (track: string, event: number, value: number): TraceItem => ({ kind: 'counter', track, unit: 'bytes', at: (events.time[event] ?? 0) * microseconds, value });
  for (let event = 0; event <= last; event++) {
    const [leaves, joins, size] = [from[event] ?? nowhere, to[event] ?? nowhere, bytes[events.buffer[event] ?? 0] ?? 0];
    if (leaves === joins) continue;
    if (leaves !== nowhere) live[leaves] = (live[leaves] ?? 0) - size;
    if (joins !== nowhere) live[joins] = (live[joins] ?? 0) + size;
    total += leaves === nowhere ? size : joins === nowhere ? -size : 0;
    if (event < first) continue;
    const changed = event === first ? categories.map((_, category) => category) : [leaves, joins].filter(category => category !== nowhere);
    for (const category of changed) yield counter(`live: ${categories[category] ?? ''}`, event, live[category] ?? 0);
    yield counter('live: all', event, total);
  }
}

/** Stretches in which every new buffer was made for the same layer. */
function* layers({ first, last, birth, snapshot }: Lives): Generator<TraceItem> {
  const { buffers: { layer, bytes }, events: { buffer, time }, texts } = snapshot;
  let open: { layer: number; from: number; until: number; born: number; bytes: number } | undefined;
  const close = ({ layer: number, from, until, born, bytes: made }: NonNullable<typeof open>) => slice('Layers', texts[number] ?? '', time[from] ?? 0, time[until] ?? 0, { 'buffers made': born, 'bytes made': made });
  for (let event = first + 1; event <= last; event++) {
    const which = buffer[event] ?? 0;
    if (birth[which] !== event) continue;
    const number = layer[which] ?? 0;
    if (open !== undefined && open.layer !== number) {
      if (open.layer !== 0) yield close({ ...open, until: event });
      open = undefined;
    }
    open ??= { layer: number, from: event, until: event, born: 0, bytes: 0 };
    open.until = event;
    open.born++;
    open.bytes += bytes[which] ?? 0;
  }
  if (open !== undefined && open.layer !== 0) yield close(open);
}

function* buffers(lives: Lives): Generator<TraceItem> {
  const { birth, death, bornIn, last, snapshot } = lives;
  const { events: { time }, buffers: { bytes } } = snapshot;
  const alive = Array.from(birth.keys()).filter(buffer => (bornIn[buffer] ?? nowhere) !== nowhere && (death[buffer] ?? 0) > lives.first);
  const largest = alive.sort((a, b) => (bytes[b] ?? 0) - (bytes[a] ?? 0) || a - b).slice(0, mostLives).sort((a, b) => (birth[a] ?? 0) - (birth[b] ?? 0));
  /** By category: when each lane is free again. */
  const lanes = categories.map((): number[] => []);
  for (const buffer of largest) {
    const category = bornIn[buffer] ?? 0;
    const [from, to] = [Math.max(lives.first, birth[buffer] ?? 0), Math.min(last, death[buffer] ?? 0)];
    const of = lanes[category] ?? [];
    const free = of.findIndex(until => until <= from);
    const lane = free < 0 ? of.length : free;
    of[lane] = to;
    const { layer, operation, source, shape, type } = wordsOf(snapshot, buffer);
    const known = Object.fromEntries(Object.entries({ layer, operation, source, shape, type }).filter(([, text]) => text !== ''));
    yield slice(`${categories[category] ?? ''}, buffers ${String(lane + 1).padStart(2, '0')}`, nameOf(snapshot, 'buffer', buffer), time[from] ?? 0, time[to] ?? 0, { bytes: bytes[buffer] ?? 0, ...known });
  }
}
