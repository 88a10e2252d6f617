/**
 * Reads message catalogs of GNU gettext (*.mo). Words of 32 bits in the byte order that the first one tells: magic 0x950412de, revision,
 * number of messages, and where two tables are, of originals and of translations; each entry of a table is a length and a place. A
 * context stands before an original with U+0004 between; forms of the plural follow with a zero byte between; the translation of the
 * empty original is the header, which names the encoding. Source: the manual of GNU gettext, "The Format of GNU MO Files".
 */
import { TextDecoder } from 'node:util';

export interface Message {
  readonly original: string;
  readonly translation: string;
}

const magic = 0x950412de;
const contextEnd = '\u0004';

/** The singular of every message, without contexts and the header. Throws where the file is none, or broken; `file` is for the message. */
export function readMoFile(bytes: Buffer, file: string): Message[] {
  const read = readerOf(bytes, file);
  const [number, originals, translations] = [read(8), read(12), read(16)];
  const entry = (table: number, place: number) => {
    const [length, start] = [read(table + 8 * place), read(table + 8 * place + 4)];
    if (start + length > bytes.length) throw broken(file, `its message ${place + 1} of ${number} would end at byte ${start + length}, but the file has ${bytes.length} bytes`);
    return bytes.subarray(start, start + length);
  };
  const entries = Array.from({ length: Math.min(number, bytes.length) }, (_, place) => [entry(originals, place), entry(translations, place)] as const);
  const header = entries.find(([original]) => original.length === 0)?.[1].toString('latin1') ?? '';
  const decode = decoderOf(/charset=([\w.:-]+)/iu.exec(header)?.[1] ?? 'utf-8', file);
  return entries.flatMap(([original, translation], place) => {
    if (original.length === 0) return [];
    const [message, translated] = [decode(original, place), decode(translation, place)];
    return [{ original: singular(message.slice(message.indexOf(contextEnd) + 1)), translation: singular(translated) }];
  });
}

function singular(forms: string): string {
  return forms.split('\0', 1)[0] ?? '';
}

/** Reads words of 32 bits. */
function readerOf(bytes: Buffer, file: string): (place: number) => number {
  const isLittle = bytes.length >= 20 && bytes.readUInt32LE(0) === magic;
  if (!isLittle && !(bytes.length >= 20 && bytes.readUInt32BE(0) === magic)) throw broken(file, 'it does not begin with the bytes of one');
  return place => {
    if (place + 4 > bytes.length) throw broken(file, `a table would reach to byte ${place + 4}, but the file has ${bytes.length} bytes`);
    return isLittle ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place);
  };
}

function decoderOf(charset: string, file: string): (text: Buffer, place: number) => string {
  let decoder: TextDecoder;
  try {
    // The placeholder that templates have means that nobody needed to say.
    decoder = new TextDecoder(charset === 'CHARSET' ? 'utf-8' : charset, { fatal: true });
  } catch (error) {
    throw broken(file, `it says that it is in "${charset}", an encoding that is not known here`, error);
  }
  return (text, place) => {
    try {
      return decoder.decode(text);
    } catch (error) {
      throw broken(file, `its message ${place + 1} is not in ${charset}, as it says`, error);
    }
  };
}

function broken(file: string, what: string, cause?: unknown): Error {
  return new Error(`${file} is no whole message catalog: ${what}. Install the package that it belongs to again.`, { cause });
}
