/** A snapshot as the bytes of a file: 5 to 8 an event. Times are rounded to whole microseconds. */
import { crc32 } from '../crc';
import { NumberWriter } from './numberWriter';
import { checkedFrom, formatVersion, headerBytes, kindOfBuffer, magic, type description } from './snapshotFormat';
import { eventKinds, type SnapshotBuffers, type SnapshotEvents, type StepSnapshot } from './stepSnapshot';
import type * as z from 'zod';

const there = eventKinds.indexOf('there');
const born = eventKinds.indexOf('born');

export function encodeSnapshot({ about, texts, buffers, events }: StepSnapshot): Uint8Array<ArrayBuffer> {
  const described: z.infer<typeof description> = { about, texts: [...texts], buffers: buffers.bytes.length, events: events.kind.length };
  const words = new TextEncoder().encode(JSON.stringify(described));
  const columns = new NumberWriter();
  writeBuffers(columns, buffers);
  writeEvents(columns, events);
  const numbers = columns.written();
  const file = new Uint8Array(headerBytes + words.length + numbers.length);
  file.set(new TextEncoder().encode(magic));
  file.set(words, headerBytes);
  file.set(numbers, headerBytes + words.length);
  const header = new DataView(file.buffer);
  header.setUint32(8, formatVersion, true);
  header.setUint32(12, file.length, true);
  header.setUint32(20, words.length, true);
  header.setUint32(16, crc32(file.subarray(checkedFrom)), true);
  return file;
}

function writeBuffers(to: NumberWriter, { bytes, type, shape, layer, operation, source }: SnapshotBuffers): void {
  to.reserve(6 * bytes.length);
  for (const each of type) to.byte(each);
  for (const each of shape) to.number(each);
  const usual = new Map<number, number>();
  bytes.forEach((own, at) => {
    const kind = kindOfBuffer(type[at] ?? 0, shape[at] ?? 0);
    to.number(usual.get(kind) === own ? 0 : own + 1);
    usual.set(kind, own);
  });
  writeDifferences(to, layer);
  for (const each of operation) to.number(each);
  writeDifferences(to, source);
}

function writeEvents(to: NumberWriter, { kind, buffer, category, phase, time }: SnapshotEvents): void {
  to.reserve(3 * kind.length);
  kind.forEach((each, at) => { to.byte(each + 4 * (phase[at] ?? 0) + 16 * (category[at] ?? 0)); });
  let next = 0;
  buffer.forEach((each, at) => {
    if (kind[at] !== there && kind[at] !== born) to.difference(next - each);
    else {
      to.difference(each - next);
      next = each + 1;
    }
  });
  writeDifferences(to, time.map(each => Math.round(1000 * each)));
}

function writeDifferences(to: NumberWriter, values: Uint32Array | Float64Array): void {
  let before = 0;
  for (const value of values) {
    to.difference(value - before);
    before = value;
  }
}
