/**
 * How a line is cut into the words that BLEU counts: `none` takes what white space separates; `13a` is what the script of the WMT
 * campaigns, mteval-v13a, does for western languages. White space is what Unicode calls so (Python's `str.split`), since published
 * scores were counted that way.
 */
export const tokenizations = ['none', '13a'] as const;
export type Tokenization = (typeof tokenizations)[number];

const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const notSpaces = new RegExp(`[^${space}]+`, 'gu');
const trailing = new RegExp(`[${space}]+$`, 'u');

const unescaped: readonly (readonly [entity: string, character: string])[] = [['&quot;', '"'], ['&amp;', '&'], ['&lt;', '<'], ['&gt;', '>']];

/** In this order, each on what the ones before left. */
const separations: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // ASCII symbols, but not the apostrophe, the comma, the hyphen and the full stop.
  [/[{-~[-` -&(-+:-@/]/gu, ' $& '],
  [/([^0-9])([.,])/gu, '$1 $2 '],
  [/([.,])([^0-9])/gu, ' $1 $2'],
  [/([0-9])(-)/gu, '$1 $2 '],
];

export function wordsOf(line: string, tokenization: Tokenization): readonly string[] {
  return (tokenization === 'none' ? line : separated(line.replace(trailing, ''))).match(notSpaces) ?? [];
}

function separated(line: string): string {
  const joined = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  const plain = unescaped.reduce((text, [entity, character]) => text.replaceAll(entity, character), joined);
  return separations.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), ` ${plain} `);
}
