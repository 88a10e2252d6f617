/** Reads the bytes of a snapshot's file; whatever is not as `encodeSnapshot` writes it is refused, in words. */
import { categories, phases } from '../samples';
import { crc32 } from '../crc';
import { NumberReader } from './numberReader';
import { checkedFrom, description, formatVersion, headerBytes, kindOfBuffer, magic } from './snapshotFormat';
import { bufferTypes, eventKinds, type SnapshotBuffers, type SnapshotEvents, type StepSnapshot } from './stepSnapshot';

const there = eventKinds.indexOf('there');
const born = eventKinds.indexOf('born');

export function decodeSnapshot(file: Uint8Array): StepSnapshot {
  const words = wordsOf(file);
  try {
    const { about, texts, buffers: bufferCount, events: eventCount } = description.parse(JSON.parse(new TextDecoder().decode(words)));
    const columns = new NumberReader(file.subarray(headerBytes + words.length));
    // Six numbers of at least a byte, and three: whatever a count claims, no more is allocated than a file can fill.
    if (columns.left < 6 * bufferCount + 3 * eventCount) throw new Error('its columns are shorter than its counts say');
    const buffers = readBuffers(columns, bufferCount, texts.length);
    const events = readEvents(columns, eventCount, bufferCount);
    if (columns.left > 0) throw new Error(`${columns.left} bytes follow its columns`);
    return { about, texts, buffers, events };
  } catch (error) {
    throw refusal(`is damaged: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`, error);
  }
}

/** The description, once the file is known to be whole. */
function wordsOf(file: Uint8Array): Uint8Array {
  const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (new TextDecoder().decode(file.subarray(0, magic.length)) !== magic) throw refusal(`is none: it must begin with ${magic}`);
  if (file.length < headerBytes) throw refusal(`is cut off: it is ${file.length} bytes long, and its header alone is ${headerBytes}`);
  const version = header.getUint32(8, true);
  if (version !== formatVersion) throw refusal(`has format ${version}, but this version of EFCP Studio reads format ${formatVersion}`);
  const length = header.getUint32(12, true);
  if (length !== file.length) throw refusal(`is ${file.length < length ? 'cut off' : 'damaged'}: it is ${file.length} bytes long, but must be ${length}`);
  if (crc32(file.subarray(checkedFrom)) !== header.getUint32(16, true)) throw refusal('is damaged: its checksum does not fit');
  return file.subarray(headerBytes, headerBytes + header.getUint32(20, true));
}

function readBuffers(from: NumberReader, count: number, texts: number): SnapshotBuffers {
  const type = below(bufferTypes.length, 'type', filled(new Uint8Array(count), () => from.byte()));
  const shape = below(texts, 'shape', filled(new Uint32Array(count), () => from.number()));
  const bytes = readBytes(from, type, shape);
  const layer = below(texts, 'layer', new Uint32Array(readDifferences(from, count)));
  const operation = below(texts, 'operation', filled(new Uint32Array(count), () => from.number()));
  return { bytes, type, shape, layer, operation, source: below(texts, 'source', new Uint32Array(readDifferences(from, count))) };
}

function readBytes(from: NumberReader, type: Uint8Array, shape: Uint32Array): Float64Array {
  const usual = new Map<number, number>();
  const bytes = new Float64Array(type.length);
  for (let at = 0; at < bytes.length; at++) {
    const kind = kindOfBuffer(type[at] ?? 0, shape[at] ?? 0);
    const written = from.number();
    const own = written === 0 ? usual.get(kind) : written - 1;
    if (own === undefined) throw new Error(`buffer ${at} has no bytes`);
    usual.set(kind, own);
    bytes[at] = own;
  }
  return bytes;
}

function readEvents(from: NumberReader, count: number, buffers: number): SnapshotEvents {
  const [kind, phase, category] = [new Uint8Array(count), new Uint8Array(count), new Uint8Array(count)];
  for (let at = 0; at < count; at++) {
    const byte = from.byte();
    kind[at] = byte & 3;
    phase[at] = (byte >> 2) & 3;
    category[at] = byte >> 4;
  }
  below(phases.length, 'phase', phase);
  below(categories.length, 'category', category);
  const buffer = new Uint32Array(count);
  let next = 0;
  for (let at = 0; at < count; at++) {
    const difference = from.difference();
    if (kind[at] === there || kind[at] === born) {
      buffer[at] = next + difference;
      next += difference + 1;
    } else buffer[at] = next - difference;
  }
  below(buffers, 'buffer', buffer);
  return { kind, buffer, category, phase, time: readDifferences(from, count).map(each => each / 1000) };
}

function readDifferences(from: NumberReader, count: number): Float64Array {
  const values = new Float64Array(count);
  let before = 0;
  for (let at = 0; at < count; at++) {
    before += from.difference();
    values[at] = before;
  }
  return values;
}

/** A loop takes a tenth of the time of `from` with a length. */
function filled<Column extends Uint8Array | Uint32Array>(column: Column, next: () => number): Column {
  for (let at = 0; at < column.length; at++) column[at] = next();
  return column;
}

function below<Column extends Uint8Array | Uint32Array>(limit: number, what: string, column: Column): Column {
  for (const number of column) if (number >= limit) throw new Error(`a ${what} is number ${number} of ${limit}`);
  return column;
}

function refusal(what: string, cause?: unknown): Error {
  return new Error(`This step snapshot ${what}. Record the step again.`, { cause });
}
