/** A TFRecord: length (8 bytes), its masked CRC-32C, the data, their masked CRC-32C, all little-endian. The mask keeps a check of data with checks in them honest. */
import { crc32c } from '../../protocol/crc';

export function tfRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(16 + data.length);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(masked(crc32c(record.subarray(0, 8))), 8);
  record.set(data, 12);
  record.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return record;
}

/** Rotated right by 15 bits, plus a constant. */
export function masked(sum: number): number {
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
