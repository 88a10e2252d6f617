/** Numbers for the pieces of words: those that the training lines have, the most frequent first, after the three that mean the same everywhere. */
import type { BytePairs } from './bytePairs/bytePairs';
import { wordCounts } from './bytePairs/bytePairsFor';
import { compareCodePoints } from './bytePairs/codePointOrder';
import type { LineForm } from './lineForm';
import { end, padding, unknown, type Vocabulary } from './text';

const firstPiece = 3;
/** Tables have a multiple of so many rows, as the published translators' do; the last few stand for nothing. */
const rowsTogether = 8;
const unknownPiece = '<unk> ';

export class PieceVocabulary implements Vocabulary {
  readonly size: number;
  private readonly numbers: ReadonlyMap<string, number>;

  /** `pieces`: each once. */
  constructor(private readonly pieces: readonly string[], private readonly bytePairs: BytePairs, private readonly form: LineForm) {
    this.size = Math.ceil((pieces.length + firstPiece) / rowsTogether) * rowsTogether;
    this.numbers = new Map(pieces.map((piece, place) => [piece, place + firstPiece]));
  }

  encode(line: string): Int32Array {
    return Int32Array.from(this.numbersOf(this.form.words(line)));
  }

  decode(tokens: ArrayLike<number>): string {
    return this.form.line(this.words(tokens));
  }

  words(tokens: ArrayLike<number>): string {
    let text = '';
    for (let place = 0; place < tokens.length && tokens[place] !== end; place++) {
      const token = tokens[place] ?? unknown;
      if (token !== padding) text += this.pieces[token - firstPiece] ?? unknownPiece;
    }
    return text.replace(/ $/u, '');
  }

  /** Of words with a space between them. */
  numbersOf(words: string): number[] {
    const numbers: number[] = [];
    for (const word of words.split(' ')) {
      for (const piece of this.bytePairs.cut(word)) numbers.push(this.numbers.get(piece) ?? unknown);
    }
    return numbers;
  }
}

/** The vocabulary of the pieces of these lines of words. */
export function vocabularyOf(lines: Iterable<string>, bytePairs: BytePairs, form: LineForm): PieceVocabulary {
  const counts = new Map<string, number>();
  for (const [word, count] of wordCounts(lines)) {
    for (const piece of bytePairs.cut(word)) counts.set(piece, (counts.get(piece) ?? 0) + count);
  }
  const pieces = [...counts].sort(([a, often], [b, other]) => other - often || compareCodePoints(a, b)).map(([piece]) => piece);
  return new PieceVocabulary(pieces, bytePairs, form);
}
