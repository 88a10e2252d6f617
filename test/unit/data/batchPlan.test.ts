import assert from 'node:assert/strict';
import { batchPlan, cutByTokens, evaluationBatches } from '../../../src/data/batchPlan';
import type { Dataset } from '../../../src/data/dataset';
import { noAugmentation } from '../../../src/data/moves';
import { InputError } from '../../../src/settings/problem';

/** Sequences of these lengths; each token is its example's number and 1. */
function sequences(lengths: Uint32Array): Dataset {
  return {
    name: 'made up', examples: lengths.length, ownValidation: 0, labelKind: 'tokens', inputs: [{ shape: [null], dtype: 'int32' }], labels: { shape: [null], dtype: 'int32' },
    augmentation: noAugmentation, bytes: 0, sequences: { lengths, predictions: lengths }, close: () => undefined,
    make: examples => {
      const longest = examples.reduce((most, example) => Math.max(most, lengths[example]!), 0);
      const values = Int32Array.from({ length: examples.length * longest }, (_, place) => {
        const example = examples[Math.floor(place / longest)]!;
        return place % longest < lengths[example]! ? example + 1 : 0;
      });
      const array = { values, shape: [examples.length, longest] };
      return { inputs: [array], labels: array };
    },
  };
}

const lengths = Uint32Array.from({ length: 97 }, (_, example) => 1 + (example * 7919) % 31);
const all = Uint32Array.from(lengths, (_, example) => example);
const settings = { seed: 3, batchSize: 8, batchTokens: 64, augmentation: noAugmentation };

function examplesOf(batches: Iterable<ReturnType<typeof batchPlan>['epoch'] extends (epoch: number) => Iterable<infer Batch> ? Batch : never>): number[][] {
  return [...batches].map(batch => {
    const { inputs: [tokens], labels } = batch.make(0, batch.examples);
    const rows = tokens!.arraySync() as number[][];
    tokens!.dispose();
    labels.dispose();
    return rows.map(([first]) => first! - 1);
  });
}

describe('data: batches by tokens', () => {
  for (const most of [31, 40, 64, 1000]) {
    it(`${most} tokens: every example once, and none of the batches has more, padding counted`, () => {
      const cuts = cutByTokens(lengths, all, most);
      assert.deepEqual(cuts.flatMap(cut => [...cut]).sort((a, b) => a - b), [...all]);
      for (const cut of cuts) assert.ok(cut.length * Math.max(...[...cut].map(example => lengths[example]!)) <= most);
    });
  }

  it('no two neighbouring batches would fit into one', () => {
    const cuts = cutByTokens(lengths, all, 64);
    for (const [index, cut] of cuts.slice(0, -1).entries()) assert.ok((cut.length + 1) * lengths[cuts[index + 1]![0]!]! > 64);
  });

  it('an epoch has the same batches as another, in another order, and goes on where it stopped', () => {
    const plan = batchPlan(sequences(lengths), all, settings);
    const [first, second] = [examplesOf(plan.epoch(0)), examplesOf(plan.epoch(1))];
    assert.equal(first.length, plan.batches);
    assert.notDeepEqual(first, second);
    const inOrder = (batches: number[][]) => batches.map(batch => batch.join()).sort();
    assert.deepEqual(inOrder(first), inOrder(second));
    assert.deepEqual(examplesOf(plan.epoch(1, 5)), second.slice(5));
    assert.notDeepEqual(inOrder(examplesOf(batchPlan(sequences(lengths), all, { ...settings, seed: 4 }).epoch(0))), inOrder(first), 'another seed mixes equal lengths otherwise');
  });

  it('examples weigh as much as they have predictions', () => {
    const [batch] = batchPlan(sequences(lengths), all, settings).epoch(0);
    const [numbers] = examplesOf([batch!]);
    assert.equal(batch!.weigh!(0, batch!.examples), numbers!.reduce((sum, example) => sum + lengths[example]!, 0));
    assert.equal(batch!.weigh!(1, 2), lengths[numbers![1]!]);
  });

  it('without a number of tokens, batches have so many examples', () => {
    const plan = batchPlan(sequences(lengths), all, { ...settings, batchTokens: null });
    assert.equal(plan.batches, Math.ceil(97 / 8));
    assert.deepEqual([...plan.epoch(0)].map(({ examples }) => examples), [...new Array<number>(12).fill(8), 1]);
  });

  it('evaluation sees every example once', () => {
    const some = all.subarray(10, 50);
    for (const batchTokens of [null, 64]) for (const microbatch of [null, 3]) {
      const batches = examplesOf(evaluationBatches(sequences(lengths), some, { batchTokens, batchSize: 8, microbatch }));
      assert.deepEqual(batches.flat().sort((a, b) => a - b), [...some]);
      const most = Math.max(...batches.map(({ length }) => length));
      assert.ok(microbatch === null ? most > 3 : most === 3, `${most} at once`);
    }
  });

  it('an example that is longer than a batch is refused with the remedy', () => {
    assert.throws(() => cutByTokens(lengths, all, 30), (error: unknown) => error instanceof InputError && /batchTokens is 30, but the longest example has 31 tokens.*Raise batchTokens, or lower maxTokens/.test(error.message));
  });
});
