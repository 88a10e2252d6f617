/** A reader of PNGs that shares nothing with our writer: 8 bits RGBA or RGB, every filter, every checksum. */
import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  readonly text: Readonly<Record<string, string>>;
  /** RGBA. */
  readonly pixel: (x: number, y: number) => readonly [number, number, number, number];
}

export function decodePng(file: Uint8Array): DecodedPng {
  const bytes = Buffer.from(file);
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const data: Buffer[] = [];
  const text: Record<string, string> = {};
  let [width, height, channels, ended] = [0, 0, 0, false];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + length);
    assert.equal(bytes.readUInt32BE(at + 8 + length), slowCrc32(bytes.subarray(at + 4, at + 8 + length)), `the checksum of ${type}`);
    if (type === 'IHDR') {
      [width, height] = [content.readUInt32BE(0), content.readUInt32BE(4)];
      assert.deepEqual([content[8], content[10], content[11], content[12]], [8, 0, 0, 0]);
      channels = content[9] === 6 ? 4 : 3;
    }
    if (type === 'IDAT') data.push(content);
    if (type === 'iTXt') text[content.toString('utf8').split('\0')[0]!] = content.toString('utf8').split('\0').at(-1)!;
    if (type === 'IEND') ended = true;
    at += 12 + length;
  }
  assert.ok(ended, 'the picture ends');
  const stride = width * channels;
  const raw = inflateSync(Buffer.concat(data));
  assert.equal(raw.length, height * (stride + 1));
  const pixels = new Uint8Array(height * stride);
  const at = (row: number, column: number) => row < 0 || column < 0 ? 0 : pixels[row * stride + column]!;
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)]!;
    for (let column = 0; column < stride; column++) {
      const [left, up, corner] = [at(row, column - channels), at(row - 1, column), column < channels ? 0 : at(row - 1, column - channels)];
      const add = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      pixels[row * stride + column] = raw[row * (stride + 1) + 1 + column]! + add;
    }
  }
  return { width, height, text, pixel: (x, y) => [0, 1, 2, 3].map(channel => channel < channels ? pixels[y * stride + x * channels + channel]! : 255) as unknown as [number, number, number, number] };
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  return [left, up, corner].reduce((best, value) => Math.abs(estimate - value) < Math.abs(estimate - best) ? value : best);
}

/** Bit by bit, as the specification's formula says. */
export function slowCrc32(bytes: Uint8Array, polynomial = 0xedb88320): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
  }
  return ~rest >>> 0;
}
