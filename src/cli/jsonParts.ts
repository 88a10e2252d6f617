/**
 * A JSON document cut into the bytes of its values without being read as a whole, so that a file larger than the longest
 * string can be read part by part.
 */
import { InputError } from '../settings/problem';

/** The bytes of one value, from its first to the one after its last. */
export interface JsonPart {
  readonly from: number;
  readonly to: number;
}

const codes = { space: 0x20, tab: 0x09, newline: 0x0a, return: 0x0d, quote: 0x22, comma: 0x2c, colon: 0x3a, backslash: 0x5c, openList: 0x5b, closeList: 0x5d, openObject: 0x7b, closeObject: 0x7d } as const;

/** The one value that a document consists of. */
export function wholeDocument(bytes: Buffer): JsonPart {
  const from = afterSpace(bytes, 0);
  const to = endOfValue(bytes, from);
  const rest = afterSpace(bytes, to);
  if (rest < bytes.length) throw malformed(bytes, rest, 'nothing but the end of the file');
  return { from, to };
}

/** The parts of a list, or undefined where the value is none. */
export function listParts(bytes: Buffer, { from }: JsonPart): JsonPart[] | undefined {
  if (bytes[from] !== codes.openList) return undefined;
  const parts: JsonPart[] = [];
  let at = afterSpace(bytes, from + 1);
  if (bytes[at] === codes.closeList) return parts;
  for (;;) {
    const to = endOfValue(bytes, at);
    parts.push({ from: at, to });
    at = afterSpace(bytes, to);
    if (bytes[at] === codes.closeList) return parts;
    if (bytes[at] !== codes.comma) throw malformed(bytes, at, 'a comma or the end of the list');
    at = afterSpace(bytes, at + 1);
  }
}

/** The parts of an object by key, or undefined where the value is none. */
export function objectParts(bytes: Buffer, { from }: JsonPart): Map<string, JsonPart> | undefined {
  if (bytes[from] !== codes.openObject) return undefined;
  const parts = new Map<string, JsonPart>();
  let at = afterSpace(bytes, from + 1);
  if (bytes[at] === codes.closeObject) return parts;
  for (;;) {
    if (bytes[at] !== codes.quote) throw malformed(bytes, at, 'a key in double quotes');
    const end = endOfString(bytes, at);
    const key = String(parsePart(bytes, { from: at, to: end }));
    if (parts.has(key)) throw new InputError([{ field: key, message: `"${key}" is given twice. Remove one of them.`, ...placeOf(bytes, at) }]);
    at = afterSpace(bytes, end);
    if (bytes[at] !== codes.colon) throw malformed(bytes, at, 'a colon');
    const value = afterSpace(bytes, at + 1);
    const to = endOfValue(bytes, value);
    parts.set(key, { from: value, to });
    at = afterSpace(bytes, to);
    if (bytes[at] === codes.closeObject) return parts;
    if (bytes[at] !== codes.comma) throw malformed(bytes, at, 'a comma or the end of the object');
    at = afterSpace(bytes, at + 1);
  }
}

export function parsePart(bytes: Buffer, { from, to }: JsonPart): unknown {
  try {
    return JSON.parse(bytes.toString('utf8', from, to));
  } catch (error) {
    throw new InputError([{ field: '', message: `Malformed JSON: ${error instanceof Error ? error.message : String(error)}. Correct the syntax of what begins here; NaN and infinity are no JSON.`, ...placeOf(bytes, from) }]);
  }
}

/** The place after a value, whose inside is looked at only as far as that takes. */
function endOfValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === codes.quote) return endOfString(bytes, from);
  if (first === codes.openList || first === codes.openObject) return endOfNesting(bytes, from);
  let at = from;
  while (at < bytes.length && !endsScalar(bytes[at] ?? 0)) at++;
  if (at === from) throw malformed(bytes, at, 'a value');
  return at;
}

function endOfNesting(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === codes.openList || code === codes.openObject) depth++;
    else if (code === codes.quote) at = endOfString(bytes, at) - 1;
    else if ((code === codes.closeList || code === codes.closeObject) && --depth === 0) return at + 1;
  }
  throw malformed(bytes, bytes.length, 'the end of a list or object');
}

function endOfString(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === codes.backslash) at++;
    else if (bytes[at] === codes.quote) return at + 1;
  }
  throw malformed(bytes, bytes.length, 'the end of a text');
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

function isSpace(code: number | undefined): boolean {
  return code === codes.space || code === codes.newline || code === codes.return || code === codes.tab;
}

function endsScalar(code: number): boolean {
  return code === codes.comma || code === codes.closeList || code === codes.closeObject || code === codes.colon || isSpace(code);
}

function malformed(bytes: Buffer, at: number, expected: string): InputError {
  const seen = at < bytes.length ? `"${bytes.toString('utf8', at, at + 20).split('\n')[0] ?? ''}"` : 'the end of the file';
  return new InputError([{ field: '', message: `Malformed JSON: ${seen} where ${expected} should be. Correct the syntax here.`, ...placeOf(bytes, at) }]);
}

function placeOf(bytes: Buffer, at: number): { line: number; column: number } {
  let [line, start] = [1, 0];
  for (let next = bytes.indexOf('\n'); next >= 0 && next < at; next = bytes.indexOf('\n', next + 1)) [line, start] = [line + 1, next + 1];
  return { line, column: at - start + 1 };
}
