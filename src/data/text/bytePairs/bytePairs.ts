/**
 * Cuts words into the pieces that learnt merges make of their characters. A piece that ends a word has a space at its end, which no
 * word holds, so pieces put together are the text again. What was cut before is remembered.
 */
import { symbolsOf, withMerged, wordEnd, type Merge } from './learnMerges';

/** Words that are remembered; then it starts anew, so that what it holds has a bound. A large corpus has a quarter of it. */
const mostRemembered = 2 ** 20;
/** Characters of a word that are merged together: the time grows with the square of their number, and no word of a language has so many. */
const mostTogether = 1000;

export class BytePairs {
  private readonly ranks = new Map<string, number>();
  private readonly cuts = new Map<string, readonly string[]>();

  constructor(merges: readonly Merge[]) {
    merges.forEach(([left, right], rank) => {
      const key = keyOf(left, right);
      if (!this.ranks.has(key)) this.ranks.set(key, rank);
    });
  }

  /** The pieces of a word. */
  cut(word: string): readonly string[] {
    const known = this.cuts.get(word);
    if (known !== undefined) return known;
    if (this.cuts.size === mostRemembered) this.cuts.clear();
    const pieces = word === '' ? [] : this.merged(word);
    this.cuts.set(word, pieces);
    return pieces;
  }

  /** Gives back the memory of what is remembered. */
  forget(): void {
    this.cuts.clear();
  }

  private merged(word: string): string[] {
    const characters = symbolsOf(word);
    const pieces: string[] = [];
    for (let start = 0; start < characters.length; start += mostTogether) pieces.push(...this.mergedStretch(characters.slice(start, start + mostTogether)));
    const last = pieces.length - 1;
    pieces[last] = `${pieces[last]?.slice(0, -wordEnd.length) ?? ''} `;
    return pieces;
  }

  private mergedStretch(characters: string[]): string[] {
    let symbols = characters;
    for (let place = this.firstMerge(symbols); place !== undefined; place = this.firstMerge(symbols)) {
      const [left = '', right = ''] = symbols.slice(place, place + 2);
      symbols = withMerged(symbols, left, right, left + right);
    }
    return symbols;
  }

  /** Where the pair lies that was learnt first. */
  private firstMerge(symbols: readonly string[]): number | undefined {
    let [first, least] = [undefined as number | undefined, Infinity];
    for (let place = 0; place + 1 < symbols.length; place++) {
      const rank = this.ranks.get(keyOf(symbols[place] ?? '', symbols[place + 1] ?? ''));
      if (rank !== undefined && rank < least) [first, least] = [place, rank];
    }
    return first;
  }
}

/** No symbol holds a space. */
function keyOf(left: string, right: string): string {
  return `${left} ${right}`;
}
