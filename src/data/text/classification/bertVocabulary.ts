/**
 * A vocabulary of BERT (arXiv 1810.04805; the file vocab.txt of the published uncased models): a piece a line, its number the number
 * of the line, from 0. Text is put into lower case without accents, cut at spaces and marks, and each word into the longest pieces
 * from the left (WordPiece, arXiv 1609.08144, section 4.1); pieces that go on with a word begin with ##.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { InputError } from '../../../settings/problem';
import { readLines } from '../readLines';
import { padding, type Vocabulary } from '../text';

/** Text cannot name these: written in a line they are marks and words like any other. */
const special = { padding: '[PAD]', unknown: '[UNK]', begin: '[CLS]', separator: '[SEP]', mask: '[MASK]' } as const;
const continuation = '##';
const longestWord = 100;
/** Words that are remembered; then it starts anew, so that what it holds has a bound. */
const mostRemembered = 262_144;

export class BertVocabulary implements Vocabulary {
  readonly begin: number;
  readonly separator: number;
  private readonly tokenizer: Tokenizer;
  private readonly cuts = new Map<string, readonly number[]>();
  private readonly unwritten: ReadonlySet<number>;

  /** `pieces`: each once, the special ones among them, the padding first. */
  constructor(private readonly pieces: readonly string[]) {
    const vocab = Object.fromEntries(pieces.map((piece, number) => [piece, number]));
    const numberOf = (piece: string) => vocab[piece] ?? padding;
    this.begin = numberOf(special.begin);
    this.separator = numberOf(special.separator);
    this.unwritten = new Set([padding, this.begin, numberOf(special.mask)]);
    this.tokenizer = new Tokenizer({
      version: '1.0', truncation: null, padding: null, added_tokens: [], post_processor: null,
      normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: true, lowercase: true },
      pre_tokenizer: { type: 'BertPreTokenizer' }, decoder: { type: 'WordPiece', prefix: continuation, cleanup: false },
      model: { type: 'WordPiece', unk_token: special.unknown, continuing_subword_prefix: continuation, max_input_chars_per_word: longestWord, vocab },
    }, {});
  }

  get size(): number {
    return this.pieces.length;
  }

  encode(line: string): Int32Array {
    const tokens: number[] = [];
    for (const word of line.split(/[\t\n\r\p{Zs}]+/u)) if (word !== '') tokens.push(...this.numbersOf(word));
    return Int32Array.from(tokens);
  }

  decode(tokens: ArrayLike<number>): string {
    let text = '';
    for (let place = 0; place < tokens.length && tokens[place] !== this.separator; place++) {
      const token = tokens[place] as number;
      if (this.unwritten.has(token)) continue;
      const { [token]: piece = special.unknown } = this.pieces;
      text += piece.startsWith(continuation) ? piece.slice(continuation.length) : ` ${piece}`;
    }
    return text.trimStart();
  }

  /** Of a word without spaces; no piece reaches over a space. */
  private numbersOf(word: string): readonly number[] {
    const known = this.cuts.get(word);
    if (known !== undefined) return known;
    if (this.cuts.size === mostRemembered) this.cuts.clear();
    const { ids } = this.tokenizer.encode(word, { add_special_tokens: false });
    this.cuts.set(word, ids);
    return ids;
  }
}

/** Throws InputError with file and line where the file is no such vocabulary. */
export function readBertVocabulary(file: string): BertVocabulary {
  const pieces = readLines(file, 'vocabularyFile').map(line => line.trim());
  if (pieces[padding] !== special.padding) throw refusal(file, 1, `the first piece must be ${special.padding}, since token ${padding} fills sequences up, but ${pieces.length === 0 ? 'the file is empty' : `it is "${pieces[0] ?? ''}"`}`);
  const lines = new Map<string, number>();
  pieces.forEach((piece, place) => {
    const line = place + 1;
    if (piece === '') throw refusal(file, line, 'the line is empty, but every line must hold a piece');
    const before = lines.get(piece);
    if (before !== undefined) throw refusal(file, line, `the piece "${piece}" is on line ${before} already`);
    lines.set(piece, line);
  });
  const missing = Object.values(special).filter(piece => !lines.has(piece));
  if (missing.length > 0) throw refusal(file, pieces.length, `the file ends without ${missing.join(', ')}`);
  return new BertVocabulary(pieces);
}

function refusal(file: string, line: number, message: string): InputError {
  return new InputError([{ field: 'vocabularyFile', line, message: `${message}. Name the vocab.txt of an uncased BERT model.` }], file);
}
