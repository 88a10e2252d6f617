/** Makes a zip: every file deflated behind its header, then the index. (APPNOTE.TXT, 4.3.) */
import { deflateRawSync } from 'node:zlib';

const version = 20;
const utf8Names = 1 << 11;
const deflated = 8;

export function zip(files: Readonly<Record<string, string>>): Buffer {
  const [bodies, index]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [nameBytes, content] = [Buffer.from(name), Buffer.from(text)];
    const packed = deflateRawSync(content);
    const described = Buffer.alloc(26);
    [version, utf8Names, deflated].forEach((value, place) => described.writeUInt16LE(value, 2 * place));
    [crc32(content), packed.length, content.length].forEach((value, place) => described.writeUInt32LE(value, 10 + 4 * place));
    described.writeUInt16LE(nameBytes.length, 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), described, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    index.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([version, 0]), described, tail, nameBytes]));
    bodies.push(body);
    offset += body.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  [index.length, index.length].forEach((value, place) => end.writeUInt16LE(value, 8 + 2 * place));
  [Buffer.concat(index).length, offset].forEach((value, place) => end.writeUInt32LE(value, 12 + 4 * place));
  return Buffer.concat([...bodies, ...index, end]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
