/**
 * A recorded step of any number of examples, from one of a few and one of a few more: where both make the same buffers in the same order,
 * each buffer's bytes are taken to grow in a straight line.
 */
import { bufferTypes, type StepSnapshot } from '../../protocol/snapshot/stepSnapshot';

export interface Recorded {
  readonly examples: number;
  readonly snapshot: StepSnapshot;
  /** Of the passes, and of those that were made again. */
  readonly flops: number;
  readonly recomputedFlops: number;
}

/** Undefined where the two do not match. */
export function extrapolated(small: Recorded, large: Recorded, examples: number): Recorded | undefined {
  if (!isSameCourse(small.snapshot, large.snapshot)) return undefined;
  const share = (examples - small.examples) / (large.examples - small.examples);
  const at = (first: number, second: number) => first + share * (second - first);
  const [first, second] = [small.snapshot.buffers.bytes, large.snapshot.buffers.bytes];
  // An odd number of halves is filled up.
  const whole = small.snapshot.buffers.type.map(type => (bufferTypes[type] === 'int32' ? 4 : 1));
  const bytes = first.map((each, buffer) => roundedUp(at(each, second[buffer] ?? 0), whole[buffer] ?? 1));
  if (bytes.some(each => each < 0)) return undefined;
  const { snapshot } = small;
  return {
    examples, flops: at(small.flops, large.flops), recomputedFlops: at(small.recomputedFlops, large.recomputedFlops),
    snapshot: { ...snapshot, about: { ...snapshot.about, examples, reason: 'predicted' }, buffers: { ...snapshot.buffers, bytes } },
  };
}

function roundedUp(bytes: number, whole: number): number {
  return whole * Math.ceil(Math.round(bytes) / whole);
}

/** Whether the same happens to buffers of the same types, one after the other. */
function isSameCourse(a: StepSnapshot, b: StepSnapshot): boolean {
  return equal(a.events.kind, b.events.kind) && equal(a.events.buffer, b.events.buffer) && equal(a.events.category, b.events.category)
    && equal(a.events.phase, b.events.phase) && equal(a.buffers.type, b.buffers.type);
}

function equal(a: Uint8Array | Uint32Array, b: Uint8Array | Uint32Array): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
