import assert from 'node:assert/strict';
import fc from 'fast-check';
import { categories, phases } from '../../../../src/protocol/samples';
import { crc32 } from '../../../../src/protocol/crc';
import { decodeSnapshot } from '../../../../src/protocol/snapshot/decodeSnapshot';
import { encodeSnapshot } from '../../../../src/protocol/snapshot/encodeSnapshot';
import { checkedFrom, headerBytes } from '../../../../src/protocol/snapshot/snapshotFormat';
import { bufferTypes, eventKinds, type StepSnapshot } from '../../../../src/protocol/snapshot/stepSnapshot';
import { manyEvents, someAbout } from '../../../support/snapshots';

const below = (count: number) => fc.integer({ min: 0, max: count - 1 });

/** Any snapshot, sensible or not: every number of a column within its limits, in any order. */
const anySnapshot: fc.Arbitrary<StepSnapshot> = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 20 }).chain(texts => {
  const buffer = fc.record({
    bytes: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 4, 127, 128, 2 ** 31, 2 ** 32, 2 ** 53 - 2)).filter(bytes => bytes < 2 ** 53 - 1), type: below(bufferTypes.length),
    shape: below(texts.length), layer: below(texts.length), operation: below(texts.length), source: below(texts.length),
  });
  return fc.array(buffer, { minLength: 1, maxLength: 40 }).chain(buffers => {
    const event = fc.record({
      kind: below(eventKinds.length), buffer: below(buffers.length), category: below(categories.length), phase: below(phases.length),
      time: fc.integer({ min: 0, max: 2 ** 42 }).map(microseconds => microseconds / 1000),
    });
    return fc.array(event, { maxLength: 80 }).map((events): StepSnapshot => ({
      about: someAbout, texts,
      buffers: {
        bytes: Float64Array.from(buffers, each => each.bytes), type: Uint8Array.from(buffers, each => each.type), shape: Uint32Array.from(buffers, each => each.shape),
        layer: Uint32Array.from(buffers, each => each.layer), operation: Uint32Array.from(buffers, each => each.operation), source: Uint32Array.from(buffers, each => each.source),
      },
      events: {
        kind: Uint8Array.from(events, each => each.kind), buffer: Uint32Array.from(events, each => each.buffer), category: Uint8Array.from(events, each => each.category),
        phase: Uint8Array.from(events, each => each.phase), time: Float64Array.from(events, each => each.time),
      },
    }));
  });
});

/** The file with its checksum made right again. */
function resealed(file: Uint8Array): Uint8Array {
  new DataView(file.buffer, file.byteOffset).setUint32(16, crc32(file.subarray(checkedFrom)), true);
  return file;
}

describe('protocol: snapshot files', () => {
  it('has the check value of its checksum', () => {
    assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
  });

  it('reads what was written', () => {
    fc.assert(fc.property(anySnapshot, snapshot => { assert.deepEqual(decodeSnapshot(encodeSnapshot(snapshot)), snapshot); }));
  });

  it('rounds times to microseconds, and lets no error grow', () => {
    const snapshot = manyEvents(2000);
    const time = snapshot.events.time.map((_, at) => at / 3);
    const read = decodeSnapshot(encodeSnapshot({ ...snapshot, events: { ...snapshot.events, time } })).events.time;
    assert.ok(read.every((each, at) => Math.abs(each - at / 3) <= 0.0005 + 1e-9));
  });

  it('reads a file in the middle of other memory', () => {
    const file = encodeSnapshot(manyEvents(100));
    const memory = new Uint8Array(file.length + 7);
    memory.set(file, 3);
    assert.deepEqual(decodeSnapshot(memory.subarray(3, 3 + file.length)), manyEvents(100));
  });

  it('takes few bytes an event', () => {
    const snapshot = manyEvents(100_000);
    const file = encodeSnapshot(snapshot);
    assert.ok(file.length / 100_000 < 7, `${file.length / 100_000} bytes an event`);
    assert.deepEqual(decodeSnapshot(file), snapshot);
  });

  it('refuses a file that was cut off, wherever', () => {
    const file = encodeSnapshot(manyEvents(40));
    for (let length = 0; length < file.length; length++) assert.throws(() => decodeSnapshot(file.subarray(0, length)), /^Error: This step snapshot is (none|cut off): .* Record the step again\.$/, `${length} bytes`);
  });

  it('refuses a file with any bit changed, or with more behind it', () => {
    const file = encodeSnapshot(manyEvents(40));
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      assert.throws(() => decodeSnapshot(changed), /^Error: This step snapshot (is|has) /, `byte ${at}`);
    }
    assert.throws(() => decodeSnapshot(Uint8Array.from([...file, 0])), /is damaged: it is \d+ bytes long, but must be \d+/);
  });

  it('refuses columns that do not fit their counts, whatever the checksum says', () => {
    const file = encodeSnapshot(manyEvents(40));
    const words = new DataView(file.buffer).getUint32(20, true);
    const swap = (from: string, to: string) => {
      const text = new TextDecoder('latin1').decode(file);
      assert.ok(text.includes(from));
      return resealed(Uint8Array.from(text.replace(from, to), character => character.charCodeAt(0)));
    };
    assert.throws(() => decodeSnapshot(swap('"events":40', '"events":99')), /its columns are shorter than its counts say/);
    assert.throws(() => decodeSnapshot(swap('"events":40', '"events":39')), /bytes follow its columns|is number \d+ of \d+/);
    assert.throws(() => decodeSnapshot(swap('"reason":"asked"', '"reason":"askew"')), /is damaged/);
    const typed = file.slice();
    typed[headerBytes + words] = bufferTypes.length;
    assert.throws(() => decodeSnapshot(resealed(typed)), /a type is number 6 of 6/);
    const ended = file.slice();
    ended[ended.length - 1] = 0x80;
    assert.throws(() => decodeSnapshot(resealed(ended)), /its columns end too early/);
  });
});
