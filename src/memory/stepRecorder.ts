/**
 * Writes down everything that happens to buffers while it is attached to a ledger. A step of a large model has a hundred thousand
 * events, so each costs three pushes of numbers, or of what is there anyway; what can wait is done when the snapshot is made.
 *
 * Bytes held until then: 16 an event; of a buffer the ledger's own record of it.
 */
import type { Category, Phase } from '../protocol/samples';
import { categoryNumber, phaseNumber, bufferTypes, eventKinds, type BufferType, type EventKind, type SnapshotAbout, type SnapshotBuffers, type StepSnapshot } from '../protocol/snapshot/stepSnapshot';

/** A buffer as the ledger knows it. */
export interface RecordedBuffer {
  readonly bytes: number;
  readonly type: BufferType;
  readonly shape: readonly number[];
  /** In the recording under way, or in one that has ended. */
  number: number;
}

/** What a buffer is made for: a node of the model, or another part of a step. Nodes are such places. */
export interface Place {
  readonly name: string;
  /** "FILE:LINE" of the user's code. */
  readonly source?: string;
}

export const nowhere: Place = { name: '' };

/** What is held outside TensorFlow.js, by category. */
const heldPlaces: Readonly<Partial<Record<Category, Place>>> = {
  parameters: { name: 'stored parameters' }, gradients: { name: 'stored gradients' }, optimizerState: { name: 'optimizer state' }, workspace: { name: 'update' },
};

interface Described {
  readonly buffer: RecordedBuffer;
  place: Place;
  readonly operation: string;
}

export class StepRecorder {
  private readonly described: Described[] = [];
  private readonly held = new Map<Category, RecordedBuffer>();
  /** By event: kind + 4 · phase + 16 · category; the number of its buffer; when. */
  private readonly codes: number[] = [];
  private readonly numbers: number[] = [];
  private readonly times: number[] = [];
  private readonly begun = performance.now();

  /** A buffer that is there already, or is being born. */
  add(kind: 'there' | 'born', buffer: RecordedBuffer, category: Category, phase: Phase, place: Place, operation: string): void {
    buffer.number = this.described.push({ buffer, place, operation }) - 1;
    this.note(kind, buffer, category, phase);
  }

  move(buffer: RecordedBuffer, category: Category, phase: Phase): void {
    this.note('moved', buffer, category, phase);
  }

  die(buffer: RecordedBuffer, category: Category, phase: Phase): void {
    this.note('died', buffer, category, phase);
  }

  /** It turned out what a buffer is for. */
  name({ number }: RecordedBuffer, place: Place): void {
    const described = this.described[number];
    if (described !== undefined) described.place = place;
  }

  /** What a category holds outside TensorFlow.js from now on. */
  hold(kind: 'there' | 'born', category: Category, bytes: number, phase: Phase): void {
    const before = this.held.get(category);
    if (before !== undefined) this.note('died', before, category, phase);
    this.held.delete(category);
    if (bytes === 0) return;
    const buffer: RecordedBuffer = { bytes, type: 'bytes', shape: [], number: -1 };
    this.held.set(category, buffer);
    this.add(kind, buffer, category, phase, heldPlaces[category] ?? nowhere, '');
  }

  snapshot(about: SnapshotAbout): StepSnapshot {
    const { codes, numbers, times } = this;
    const texts = new Texts();
    const buffers = describe(this.described, texts);
    return {
      about, texts: texts.all(), buffers,
      events: {
        kind: Uint8Array.from(codes, code => code & 3), buffer: Uint32Array.from(numbers), category: Uint8Array.from(codes, code => code >> 4),
        phase: Uint8Array.from(codes, code => (code >> 2) & 3), time: Float64Array.from(times),
      },
    };
  }

  private note(kind: EventKind, { number }: RecordedBuffer, category: Category, phase: Phase): void {
    this.codes.push(kindNumber[kind] + 4 * phaseNumber[phase] + 16 * categoryNumber[category]);
    this.numbers.push(number);
    this.times.push(performance.now() - this.begun);
  }
}

const kindNumber = Object.fromEntries(eventKinds.map((kind, at) => [kind, at])) as Readonly<Record<EventKind, number>>;

/** Texts by number, the empty one first. */
class Texts {
  private readonly numbers = new Map<string, number>([['', 0]]);

  number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.numbers.size);
    return this.numbers.size - 1;
  }

  all(): string[] {
    return [...this.numbers.keys()];
  }
}

function describe(described: readonly Described[], texts: Texts): SnapshotBuffers {
  const column = (text: (each: Described) => string) => Uint32Array.from(described, each => texts.number(text(each)));
  return {
    bytes: Float64Array.from(described, ({ buffer }) => buffer.bytes), type: Uint8Array.from(described, ({ buffer }) => bufferTypes.indexOf(buffer.type)),
    shape: column(({ buffer }) => buffer.shape.join('x')), layer: column(({ place }) => place.name),
    operation: column(({ operation }) => operation), source: column(({ place }) => place.source ?? ''),
  };
}
