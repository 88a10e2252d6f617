/** Reads TensorBoard's event files record by record, with both checksums of each; shares nothing with our writer. */
import assert from 'node:assert/strict';
import { slowCrc32 } from './decodePng';
import { Message } from './readProtobuf';

export function readEventFile(file: Buffer): Message[] {
  const events: Message[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(data.length, length, 'a record is whole');
    assert.equal(file.readUInt32LE(at + 8), masked(file.subarray(at, at + 8)), 'the check of a length');
    assert.equal(file.readUInt32LE(at + 12 + length), masked(data), 'the check of a record');
    events.push(new Message(data));
    at += 16 + length;
  }
  return events;
}

/** By the formula of the format, in numbers that cannot overflow. */
function masked(bytes: Uint8Array): number {
  const sum = BigInt(slowCrc32(bytes, 0x82f63b78));
  return Number((((sum >> 15n) | (sum << 17n)) & 0xffffffffn) + 0xa282ead8n & 0xffffffffn);
}
