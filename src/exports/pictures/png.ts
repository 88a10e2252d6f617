/** Pixels as a PNG: 8 bits RGBA, every row filtered by whichever of None, Sub, Up and Paeth leaves the smallest numbers (the usual measure: their sum). */
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../protocol/crc';
import type { Pixels } from './paint';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const [none, sub, up, paeth] = [0, 1, 2, 4];
/** Bytes of a pixel. */
const size = 4;

export function png({ width, height, rgba }: Pixels, title: string): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const stride = width * size;
  const rows = Array.from({ length: height }, (_, row) => filtered(rgba.subarray(row * stride, (row + 1) * stride), row === 0 ? new Uint8Array(stride) : rgba.subarray((row - 1) * stride, row * stride)));
  const text = Buffer.concat([Buffer.from('Title\0\0\0\0\0'), Buffer.from(title)]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('iTXt', text), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const framed = Buffer.alloc(12 + data.length);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, 'latin1');
  framed.set(data, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + data.length)), 8 + data.length);
  return framed;
}

function filtered(row: Uint8Array, above: Uint8Array): Uint8Array {
  let [best, least] = [new Uint8Array(0), Infinity];
  for (const kind of [none, sub, up, paeth]) {
    const bytes = new Uint8Array(row.length + 1);
    bytes[0] = kind;
    let sum = 0;
    for (let at = 0; at < row.length; at++) {
      const rest = ((row[at] ?? 0) - predicted(kind, row, above, at)) & 0xff;
      bytes[at + 1] = rest;
      sum += rest < 128 ? rest : 256 - rest;
    }
    if (sum < least) [best, least] = [bytes, sum];
  }
  return best;
}

function predicted(kind: number, row: Uint8Array, above: Uint8Array, at: number): number {
  if (kind === none) return 0;
  const left = at < size ? 0 : row[at - size] ?? 0;
  const over = above[at] ?? 0;
  if (kind !== paeth) return kind === sub ? left : over;
  const corner = at < size ? 0 : above[at - size] ?? 0;
  const [toLeft, toOver, toCorner] = [Math.abs(over - corner), Math.abs(left - corner), Math.abs(left + over - 2 * corner)];
  return toLeft <= toOver && toLeft <= toCorner ? left : toOver <= toCorner ? over : corner;
}
