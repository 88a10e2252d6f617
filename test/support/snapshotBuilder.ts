/** Writes snapshots event by event: small ones by hand, and large ones like the steps of a network. */
import { categoryNumber, phaseNumber, bufferTypes, eventKinds, type BufferType, type EventKind, type SnapshotAbout, type StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';
import type { Category, Phase } from '../../src/protocol/samples';

export interface Words { readonly layer?: string; readonly operation?: string; readonly source?: string; readonly shape?: string; readonly type?: BufferType }

export class SnapshotBuilder {
  /** Milliseconds; moves on by a hundredth with each event. */
  now = 0;
  phase: Phase = 'forward';
  private readonly texts = new Map<string, number>([['', 0]]);
  private readonly buffers = { bytes: [] as number[], type: [] as number[], shape: [] as number[], layer: [] as number[], operation: [] as number[], source: [] as number[] };
  private readonly events = { kind: [] as number[], buffer: [] as number[], category: [] as number[], phase: [] as number[], time: [] as number[] };
  private readonly category: Category[] = [];

  there(bytes: number, category: Category, words: Words = {}): number {
    return this.begin('there', bytes, category, words);
  }

  born(bytes: number, category: Category, words: Words = {}): number {
    return this.begin('born', bytes, category, words);
  }

  moved(buffer: number, category: Category): this {
    this.category[buffer] = category;
    return this.note('moved', buffer);
  }

  died(...buffers: readonly number[]): this {
    for (const buffer of buffers) this.note('died', buffer);
    return this;
  }

  build(about: Partial<SnapshotAbout> = {}): StepSnapshot {
    const { texts, buffers, events } = this;
    return {
      about: { model: 'wrn-28-2', backend: 'wasm', step: 12, examples: 100, settings: {}, takenAt: '2026-01-05T10:00:00.000Z', reason: 'asked', ...about },
      texts: [...texts.keys()],
      buffers: {
        bytes: Float64Array.from(buffers.bytes), type: Uint8Array.from(buffers.type), shape: Uint32Array.from(buffers.shape),
        layer: Uint32Array.from(buffers.layer), operation: Uint32Array.from(buffers.operation), source: Uint32Array.from(buffers.source),
      },
      events: {
        kind: Uint8Array.from(events.kind), buffer: Uint32Array.from(events.buffer), category: Uint8Array.from(events.category),
        phase: Uint8Array.from(events.phase), time: Float64Array.from(events.time),
      },
    };
  }

  private begin(kind: EventKind, bytes: number, category: Category, { layer = '', operation = '', source = '', shape = '', type = 'float32' }: Words): number {
    const { buffers } = this;
    const number = buffers.bytes.push(bytes) - 1;
    buffers.type.push(bufferTypes.indexOf(type));
    for (const [column, text] of [[buffers.shape, shape], [buffers.layer, layer], [buffers.operation, operation], [buffers.source, source]] as const) column.push(this.text(text));
    this.category.push(category);
    this.note(kind, number);
    return number;
  }

  private note(kind: EventKind, buffer: number): this {
    const { events } = this;
    events.kind.push(eventKinds.indexOf(kind));
    events.buffer.push(buffer);
    events.category.push(categoryNumber[this.category[buffer]!]);
    events.phase.push(phaseNumber[this.phase]);
    events.time.push(this.now);
    if (kind !== 'there') this.now = Math.round((this.now + 0.01) * 1e4) / 1e4;
    return this;
  }

  private text(text: string): number {
    if (!this.texts.has(text)) this.texts.set(text, this.texts.size);
    return this.texts.get(text)!;
  }
}
