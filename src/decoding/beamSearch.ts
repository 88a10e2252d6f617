/**
 * Beam search over a batch of sentences: of every sentence the best few hypotheses are kept, and all their continuations by one token
 * are ranked by the logarithm of their probability. One that ends is finished, with the score
 *
 *   log p(y1 … yn end) / (n + 1)^lengthPenalty
 *
 * A sentence is done when as many are finished as the beam is wide; at the longest length only an end may follow. So a beam of one is
 * greedy search. Equal scores go to the hypothesis that ranked higher before, then to the lower token, so that results do not depend on
 * the batch. As fairseq ranks them (Ott et al., arXiv 1904.01038).
 */
import { end, padding } from '../data/text/text';
import { logSumExp, type Hypothesis, type NextToken } from './hypothesis';

export interface BeamSettings {
  /** Hypotheses that are kept of each sentence, at least 1. */
  readonly beam: number;
  readonly lengthPenalty: number;
}

interface Candidate {
  /** Place among the sentence's hypotheses. */
  readonly parent: number;
  readonly token: number;
  readonly logProbability: number;
}

interface Alive {
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

interface Sentence {
  readonly number: number;
  /** Tokens that its hypotheses have at most, the end not counted. */
  readonly longest: number;
  alive: readonly Alive[];
  readonly finished: Hypothesis[];
}

/** `longest`: by sentence, tokens of a hypothesis at most. Returns by sentence its finished hypotheses, the best first. */
export async function beamSearch(model: NextToken, longest: readonly number[], { beam, lengthPenalty }: BeamSettings): Promise<Hypothesis[][]> {
  const sentences = longest.map((most, number): Sentence => ({ number, longest: most, alive: [{ tokens: [], logProbability: 0 }], finished: [] }));
  let open: readonly Sentence[] = sentences;
  for (let length = 0; open.length > 0; length++) {
    const logits = await model.logits(prefixesOf(open, length), length + 1, numbersOf(open));
    const vocabulary = logits.length / open.reduce((sum, { alive }) => sum + alive.length, 0);
    let row = 0;
    for (const sentence of open) {
      const rows = sentence.alive.map(() => logits.subarray(row * vocabulary, ++row * vocabulary));
      advance(sentence, bestCandidates(sentence, rows, 2 * beam, length === sentence.longest), beam, lengthPenalty);
    }
    open = open.filter(({ alive }) => alive.length > 0);
  }
  return sentences.map(({ finished }) => finished.sort((a, b) => b.score - a.score));
}

/** Each hypothesis after an end. */
function prefixesOf(open: readonly Sentence[], length: number): Int32Array {
  const hypotheses = open.flatMap(({ alive }) => alive);
  const prefixes = new Int32Array(hypotheses.length * (length + 1));
  hypotheses.forEach(({ tokens }, row) => {
    prefixes[row * (length + 1)] = end;
    prefixes.set(tokens, row * (length + 1) + 1);
  });
  return prefixes;
}

function numbersOf(open: readonly Sentence[]): Int32Array {
  return Int32Array.from(open.flatMap(({ number, alive }) => alive.map(() => number)));
}

/** The best first. */
function bestCandidates({ alive }: Sentence, rows: readonly Float32Array[], most: number, mustEnd: boolean): Candidate[] {
  const best: Candidate[] = [];
  rows.forEach((row, parent) => {
    const before = (alive[parent]?.logProbability ?? 0) - logSumExp(row);
    const [from, to] = mustEnd ? [end, end + 1] : [padding + 1, row.length];
    for (let token = from; token < to; token++) {
      const logProbability = before + (row[token] ?? 0);
      if (best.length === most && logProbability <= (best.at(-1)?.logProbability ?? 0)) continue;
      let place = best.length;
      while (place > 0 && (best[place - 1]?.logProbability ?? 0) < logProbability) place--;
      best.splice(place, 0, { parent, token, logProbability });
      if (best.length > most) best.pop();
    }
  });
  return best;
}

/** Twice as many candidates as the beam is wide hold as many that do not end. An end counts only among the first. */
function advance(sentence: Sentence, candidates: readonly Candidate[], beam: number, lengthPenalty: number): void {
  const next: Alive[] = [];
  candidates.forEach(({ parent, token, logProbability }, rank) => {
    const { tokens } = sentence.alive[parent] as Alive;
    if (token !== end) {
      if (next.length < beam) next.push({ tokens: [...tokens, token], logProbability });
    } else if (rank < beam && sentence.finished.length < beam) {
      sentence.finished.push({ tokens, score: logProbability / (tokens.length + 1) ** lengthPenalty });
    }
  });
  sentence.alive = sentence.finished.length >= beam ? [] : next;
}
