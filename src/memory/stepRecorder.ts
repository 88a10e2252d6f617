/**
 * Writes down everything that happens to buffers while it is attached to a ledger. A step of a large model has a hundred thousand
 * events, so each costs a few pushes of numbers.
 *
 * Bytes held: 5 numbers an event and 6 a buffer, until the snapshot is made.
 */
import type { DataId } from '@tensorflow/tfjs-core';
import type { Category, Phase } from '../protocol/samples';
import { categoryNumber, phaseNumber, type BufferType, type EventKind, type SnapshotAbout, type StepSnapshot, bufferTypes, eventKinds } from '../protocol/snapshot/stepSnapshot';

/** A buffer as the ledger knows it. */
export interface RecordedBuffer {
  readonly bytes: number;
  readonly type: BufferType;
  readonly shape: readonly number[];
}

/** What is running when a buffer is born: which layer of the model, which operation of TensorFlow.js, which line of the user's code. */
export interface RecordedContext {
  readonly layer?: string | undefined;
  readonly operation?: string | undefined;
  readonly source?: string | undefined;
}

export class StepRecorder {
  private readonly texts = new Map<string, number>([['', 0]]);
  private readonly numbers = new Map<DataId, number>();
  private readonly held = new Map<Category, number>();
  private readonly buffers = { bytes: [] as number[], type: [] as number[], shape: [] as number[], layer: [] as number[], operation: [] as number[], source: [] as number[] };
  private readonly events = { kind: [] as number[], buffer: [] as number[], category: [] as number[], phase: [] as number[], time: [] as number[] };
  private readonly begun = performance.now();

  /** A buffer that is there already, or is being born. */
  add(kind: 'there' | 'born', dataId: DataId, buffer: RecordedBuffer, category: Category, phase: Phase, context: RecordedContext): void {
    this.numbers.set(dataId, this.describe(buffer, context));
    this.note(kind, this.buffers.bytes.length - 1, category, phase);
  }

  move(dataId: DataId, category: Category, phase: Phase): void {
    const number = this.numbers.get(dataId);
    if (number !== undefined) this.note('moved', number, category, phase);
  }

  die(dataId: DataId, category: Category, phase: Phase): void {
    const number = this.numbers.get(dataId);
    if (number === undefined) return;
    this.numbers.delete(dataId);
    this.note('died', number, category, phase);
  }

  /** What a category holds outside TensorFlow.js from now on. */
  hold(kind: 'there' | 'born', category: Category, bytes: number, phase: Phase, context: RecordedContext): void {
    const before = this.held.get(category);
    if (before !== undefined) this.note('died', before, category, phase);
    this.held.delete(category);
    if (bytes === 0) return;
    const number = this.describe({ bytes, type: 'bytes', shape: [] }, context);
    this.held.set(category, number);
    this.note(kind, number, category, phase);
  }

  snapshot(about: SnapshotAbout): StepSnapshot {
    const { texts, buffers, events } = this;
    return {
      about, texts: [...texts.keys()],
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

  private describe({ bytes, type, shape }: RecordedBuffer, { layer = '', operation = '', source = '' }: RecordedContext): number {
    const { buffers } = this;
    buffers.bytes.push(bytes);
    buffers.type.push(bufferTypes.indexOf(type));
    buffers.shape.push(this.text(shape.join('x')));
    buffers.layer.push(this.text(layer));
    buffers.operation.push(this.text(operation));
    buffers.source.push(this.text(source));
    return buffers.bytes.length - 1;
  }

  private note(kind: EventKind, buffer: number, category: Category, phase: Phase): void {
    const { events } = this;
    events.kind.push(eventKinds.indexOf(kind));
    events.buffer.push(buffer);
    events.category.push(categoryNumber[category]);
    events.phase.push(phaseNumber[phase]);
    events.time.push(performance.now() - this.begun);
  }

  private text(text: string): number {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, this.texts.size);
    return this.texts.size - 1;
  }
}
