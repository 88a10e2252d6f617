import assert from 'node:assert/strict';
import { random } from '../../../src/bench/random';
import { isWithin, riskier } from '../../../src/planning/option';
import { covers, type Weights } from '../../../src/planning/pareto';
import type { PassOption } from '../../../src/planning/passes';
import { msOf, search } from '../../../src/planning/search';
import type { StateOption } from '../../../src/planning/stateCosts';
import { risks, type Risk } from '../../../src/protocol/plan';
import { defaults } from '../../../src/settings/knobs';

const source = random(11);
const risk = (): Risk => risks[source.below(risks.length)]!;
// Few values, so that many are equal.
const passes = (): PassOption[] => Array.from({ length: 1 + source.below(9) }, (_, index) => ({
  change: { microbatch: index + 1 }, risk: risk(), halvings: source.below(2), bytes: 10 * source.below(12), ms: source.below(9), plainMs: 1, slices: 1 + source.below(3), lendings: 2, isTimed: true, way: { segments: [], activationPrecision: 'float32' },
}));
const states = (): StateOption[] => Array.from({ length: 1 + source.below(9) }, (_, index) => ({
  change: { window: index + 1 }, risk: risk(), halvings: source.below(2), bytes: 10 * source.below(12), workspace: { lasting: 0, update: 0 }, updateMs: source.below(5), lendMs: 0, collectMs: source.below(2), isTimed: true, settings: defaults,
}));

describe('the search for combinations that no other beats', () => {
  it('loses no point of the front, though it weighs only what its bound does not rule out: as weighing all does', async () => {
    let [all, looked, refused] = [0, 0, 0];
    for (let round = 0; round < 200; round++) {
      const [some, others] = [passes(), states()];
      // Above the bound by a workspace of its own, as a peak is.
      const workspace = some.map(() => others.map(() => source.below(40)));
      const possible = some.map(() => others.map(() => source.below(8) > 0));
      const at = (change: { microbatch?: number | null; window?: number }) => [change.microbatch! - 1, change.window! - 1] as const;
      const [mostRisk, mostMs] = [risk(), source.below(3) === 0 ? 12 : Number.POSITIVE_INFINITY];
      const found = await search(some, others, {
        mostRisk, mostMs,
        isPossible: ({ change }) => {
          const [p, s] = at(change);
          refused += possible[p]![s] ? 0 : 1;
          return possible[p]![s]!;
        },
        exactBytes: ({ change, bytes }) => {
          looked++;
          const [p, s] = at(change);
          assert.equal(bytes, some[p]!.bytes + others[s]!.bytes);
          return Promise.resolve(bytes + workspace[p]![s]!);
        },
      });
      const every = some.flatMap((pass, p) => others.map((state, s): Weights & { possible: boolean } => ({
        bytes: pass.bytes + state.bytes + workspace[p]![s]!, ms: msOf(pass, state), risk: riskier(pass.risk, state.risk), halvings: pass.halvings + state.halvings, possible: possible[p]![s]!,
      }))).filter(each => each.possible && isWithin(each.risk, mostRisk) && each.ms <= mostMs);
      all += every.length;
      const key = (each: Weights) => `${each.bytes} ${each.ms} ${each.risk} ${each.halvings}`;
      const best = every.filter(each => !every.some(other => covers(other, each) && !covers(each, other)));
      assert.deepEqual(found.front.map(key).sort(), [...new Set(best.map(key))].sort(), `round ${round}`);
    }
    assert.ok(looked < 0.5 * all && refused > 0, `${looked} of ${all} weighed exactly, ${refused} refused`);
  });

  it('puts the most bytes first, and ends when it is asked to', async () => {
    const controller = new AbortController();
    const { front } = await search(passes(), states(), { mostRisk: 'sparsity', isPossible: () => true, exactBytes: ({ bytes }) => Promise.resolve(bytes) });
    assert.deepEqual(front.map(({ bytes }) => bytes), front.map(({ bytes }) => bytes).sort((a, b) => b - a));
    controller.abort();
    await assert.rejects(search(passes(), states(), { mostRisk: 'sparsity', isPossible: () => true, exactBytes: ({ bytes }) => Promise.resolve(bytes), signal: controller.signal }), { name: 'AbortError' });
  });
});
