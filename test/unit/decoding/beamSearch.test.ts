import assert from 'node:assert/strict';
import fc from 'fast-check';
import { end, padding } from '../../../src/data/text/text';
import { beamSearch } from '../../../src/decoding/beamSearch';
import { logSumExp, type Hypothesis } from '../../../src/decoding/hypothesis';
import { logProbabilityOf, tableModel, type TableModel } from './tableModel';

/** All sequences of at most so many tokens, none of them padding or an end. */
function sequences(vocabulary: number, longest: number): number[][] {
  if (longest === 0) return [[]];
  const shorter = sequences(vocabulary, longest - 1);
  const tokens = Array.from({ length: vocabulary }, (_, token) => token).filter(token => token !== padding && token !== end);
  return [[], ...shorter.flatMap(rest => tokens.map(token => [token, ...rest]))];
}

function greedily(model: TableModel, sentence: number, longest: number): number[] {
  const tokens: number[] = [];
  while (tokens.length < longest) {
    const row = [...model.row(sentence, tokens)];
    row[padding] = Number.NEGATIVE_INFINITY;
    const best = row.indexOf(Math.max(...row));
    if (best === end) break;
    tokens.push(best);
  }
  return tokens;
}

describe('decoding: beam search', () => {
  it('finds with a beam that holds everything what exhaustive search finds, score and order', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 4, max: 6 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(0, 0.6, 1, 2), async (vocabulary, longest, seed, lengthPenalty) => {
      const model = tableModel(vocabulary, seed, [0]);
      const all = sequences(vocabulary, longest).map(tokens => ({ tokens, score: logProbabilityOf(model, 0, tokens) / (tokens.length + 1) ** lengthPenalty })).sort((a, b) => b.score - a.score);
      const [found = []] = await beamSearch(model, [longest], { beam: vocabulary ** (longest + 1), lengthPenalty });
      assert.equal(found.length, all.length);
      found.forEach(({ score }, place) => { assert.ok(Math.abs(score - all[place]!.score) < 1e-9); });
      assert.deepEqual(found[0]!.tokens, all[0]!.tokens);
    }), { numRuns: 60 });
  });

  it('is greedy search with a beam of one', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 4, max: 12 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 1e6 }), fc.boolean(), async (vocabulary, longest, seed, coarse) => {
      const model = tableModel(vocabulary, seed, [0, 1], coarse);
      const found = await beamSearch(model, [longest, longest], { beam: 1, lengthPenalty: 1 });
      assert.deepEqual(found.map(hypotheses => hypotheses.map(({ tokens }) => tokens)), [0, 1].map(sentence => [greedily(model, sentence, longest)]));
    }));
  });

  it('finds the same for a sentence whatever else is in its batch, also where hypotheses are equal', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 1e6 }), async (names, beam, seed) => {
      const longest = names.map(name => name % 6);
      const together = await beamSearch(tableModel(7, seed, names, true), longest, { beam, lengthPenalty: 0.8 });
      const alone: Hypothesis[][] = [];
      for (const [place, name] of names.entries()) alone.push(...await beamSearch(tableModel(7, seed, [name], true), [longest[place]!], { beam, lengthPenalty: 0.8 }));
      assert.deepEqual(together, alone);
    }));
  });

  it('keeps within the longest length, gives each score as it is defined, and no hypothesis twice', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const model = tableModel(9, seed, [0]);
      const [found = []] = await beamSearch(model, [5], { beam: 4, lengthPenalty: 1.3 });
      assert.ok(found.length > 0 && found.length <= 4);
      assert.equal(new Set(found.map(({ tokens }) => tokens.join())).size, found.length);
      for (const { tokens, score } of found) {
        assert.ok(tokens.length <= 5 && !tokens.includes(padding) && !tokens.includes(end));
        assert.ok(Math.abs(score - logProbabilityOf(model, 0, tokens) / (tokens.length + 1) ** 1.3) < 1e-9);
      }
    }
  });

  it('asks the model only about hypotheses that are alive', async () => {
    const { calls, ...model } = tableModel(6, 5, [0, 1, 2]);
    await beamSearch(model, [0, 2, 6], { beam: 3, lengthPenalty: 1 });
    assert.equal(calls[0], 3, 'each sentence begins with one');
    assert.ok(calls.every(count => count <= 9) && calls.length <= 7);
    assert.ok(calls.slice(3).every(count => count <= 3), 'only one may be longer than two');
  });

  it('prefers a longer hypothesis the larger the length penalty', async () => {
    // Short: p = 0.4. Long: 0.6 · 0.6 · 0.99; its mean logarithm is higher.
    const rows = (prefix: readonly number[]) => {
      const probabilities = prefix.length === 0 ? [0, 0, 0.4, 0.6] : prefix.length === 1 ? [0, 0, 0.4, 0.6] : [0, 0, 0.99, 0.01];
      return Float32Array.from(probabilities, Math.log);
    };
    const model = { logits: (prefixes: Int32Array, length: number, sentences: Int32Array) => Promise.resolve(Float32Array.from([...sentences].flatMap((_, row) => [...rows([...prefixes.subarray(row * length + 1, (row + 1) * length)])]))) };
    const best = async (lengthPenalty: number) => (await beamSearch(model, [2], { beam: 3, lengthPenalty }))[0]![0]!.tokens;
    assert.deepEqual(await best(0), []);
    assert.deepEqual(await best(1), [3, 3]);
  });

  it('says that a model has diverged instead of choosing among NaN', async () => {
    const diverged = { logits: () => Promise.resolve(new Float32Array(5).fill(Number.NaN)) };
    await assert.rejects(beamSearch(diverged, [3], { beam: 2, lengthPenalty: 1 }), /predicts NaN: its parameters have diverged/);
    assert.throws(() => logSumExp(Float32Array.of(1, Number.POSITIVE_INFINITY)), /predicts Infinity/);
  });
});
