import assert from 'node:assert/strict';
import { softmaxStudy } from '../../src/bench/convergence/softmaxStudy';
import { denseOf, runStudy, type StudyResult } from '../../src/bench/convergence/study';
import { verdict } from '../../src/bench/convergence/verdict';

describe('convergence of compressed preconditioners, three seeds, every learning rate tuned', function () {
  this.timeout(3_600_000);
  let result: StudyResult;
  before(async () => { result = await runStudy(softmaxStudy({ steps: 1000 }), [1, 2, 3], () => undefined); });

  /** Median loss over that of the dense method. */
  const ratio = (family: 'M-FAC' | 'GGT', compression: string, errorFeedback: boolean) => {
    const found = result.results.find(({ method }) => method.family === family && method.compression === compression && method.errorFeedback === errorFeedback);
    return found!.best.median / denseOf(result, family)!.best.median;
  };

  it('the claim of EFCP holds for M-FAC and for GGT', () => {
    assert.equal(verdict(result).length, 4);
    for (const { family, errorFeedback, ratio: measured, holds } of verdict(result)) assert.ok(holds, `${family} ${errorFeedback ? 'with' : 'without'} error feedback: ${measured}`);
  });

  it('no best learning rate lies at the end of the ladder', () => {
    assert.deepEqual(result.results.filter(({ isAtEdge }) => isAtEdge).map(({ method }) => method.label), []);
  });

  for (const family of ['M-FAC', 'GGT'] as const) {
    it(`${family}: 5 % and rank 4 with error feedback are within 1.05 of dense, and less is kept at no gain`, () => {
      assert.ok(ratio(family, 'Top-K 5 %', true) <= 1.05);
      assert.ok(ratio(family, 'rank 4', true) <= 1.05);
      for (const fed of [true, false]) {
        assert.ok(ratio(family, 'rank 1', fed) >= ratio(family, 'rank 2', fed) && ratio(family, 'rank 2', fed) >= ratio(family, 'rank 4', fed));
        assert.ok(ratio(family, 'Top-K 1 %', fed) >= ratio(family, 'Top-K 5 %', fed));
      }
      for (const compression of ['Top-K 5 %', 'Top-K 1 %', 'rank 4', 'rank 2', 'rank 1']) assert.ok(ratio(family, compression, false) > ratio(family, compression, true), compression);
    });
  }
});
