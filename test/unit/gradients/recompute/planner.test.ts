import assert from 'node:assert/strict';
import { random } from '../../../../src/bench/random';
import type { ModelFigures } from '../../../../src/gradients/recompute/figures';
import { cheapestWithin, leastBudget } from '../../../../src/gradients/recompute/planner';
import { segmentsOf } from '../../../../src/gradients/recompute/policies';
import type { Segment } from '../../../../src/gradients/recompute/segment';
import { predictedActivationBytes, recomputedFlops } from '../../../../src/gradients/recompute/stepBytes';
import { rerunOf } from '../../../../src/gradients/recompute/rerun';
import { dataflowOf } from '../../../../src/gradients/recompute/dataflow';
import type { Model } from '../../../../src/models/model';
import { countedPeak } from './countedTape';
import { randomFigures, randomGraph, sketch } from './randomGraph';

/** Every way to cut n nodes into stretches, each kept or recomputed, the last kept. */
function* allSegmentations(nodes: number, from = 0): Generator<Segment[]> {
  yield [{ from, to: nodes, recompute: false }];
  for (let to = from + 1; to < nodes; to++) {
    for (const recompute of [false, true]) for (const rest of allSegmentations(nodes, to)) yield [{ from, to, recompute }, ...rest];
  }
}

function timeOf(model: Model, segments: readonly Segment[], figures: ModelFigures): number {
  const flow = dataflowOf(model);
  return segments.filter(({ recompute }) => recompute).flatMap(({ from, to }) => rerunOf(flow, from, to).nodes).reduce((sum, node) => sum + figures.nodes[node]!.forwardMs, 0);
}

describe('the planner of recomputation', () => {
  it('finds the least time within every budget, and the least budget, as trying all ways does', () => {
    const source = random(7);
    let [planned, refused] = [0, 0];
    for (let round = 0; round < 24; round++) {
      const model = randomGraph(source, 2 + source.below(6));
      const figures = randomFigures(source, model);
      const all = [...allSegmentations(model.nodes.length)].map(segments => ({ peak: countedPeak(model, segments, figures).peak, time: timeOf(model, segments, figures) }));
      const least = Math.min(...all.map(({ peak }) => peak));
      assert.equal(leastBudget(model, figures), least, `round ${round}`);
      for (const budget of [least - 1, least, Math.round(1.1 * least), 2 * least, Number.MAX_SAFE_INTEGER]) {
        const fitting = all.filter(({ peak }) => peak <= budget);
        const plan = cheapestWithin(model, figures, budget);
        if (fitting.length === 0) refused++; else planned++;
        assert.equal(plan?.extraCost, fitting.length === 0 ? undefined : Math.min(...fitting.map(({ time }) => time)), `round ${round}, budget ${budget}`);
        if (plan !== undefined) {
          assert.ok(countedPeak(model, plan.segments, figures).peak <= budget);
          assert.equal(timeOf(model, plan.segments, figures), plan.extraCost);
          assert.equal(plan.segments.at(-1)!.recompute, false);
        }
      }
    }
    assert.ok(planned > 60 && refused >= 24, `${planned} planned, ${refused} refused`);
  });

  it('keeps everything where that fits, and says in the error what the least budget is', () => {
    const model = sketch(Array.from({ length: 6 }, (_, index) => ({ inputs: [index], parameters: true, keepsInputs: [0] })));
    const figures: ModelFigures = { batchBytes: 0, lossBytes: 0, nodes: model.nodes.map(() => ({ outputBytes: 1e6, extrasBytes: 0, forwardMs: 1, flops: 1 })) };
    assert.deepEqual(segmentsOf(model, { kind: 'budget', bytes: 1e8 }, figures), [{ from: 0, to: 6, recompute: false }]);
    const least = leastBudget(model, figures);
    assert.throws(() => segmentsOf(model, { kind: 'budget', bytes: least - 1 }, figures), new RegExp(`do not fit .* they take ${least / 1e6} MB\\. Raise the budget`));
    assert.equal(predictedActivationBytes(model, segmentsOf(model, { kind: 'budget', bytes: least }, figures), figures).peak, least);
    assert.throws(() => segmentsOf(model, { kind: 'budget', bytes: 1e8 }), /Take a step first/);
  });

  it('plans for halves as they are stored', () => {
    const source = random(3);
    for (let round = 0; round < 10; round++) {
      const model = randomGraph(source, 6);
      const small = randomFigures(source, model);
      const figures = { ...small, nodes: small.nodes.map(node => ({ ...node, outputBytes: 100 * node.outputBytes })) };
      const all = [...allSegmentations(6)].map(segments => predictedActivationBytes(model, segments, figures, 2).peak);
      assert.equal(leastBudget(model, figures, 2), Math.min(...all));
      assert.ok(leastBudget(model, figures, 2) <= leastBudget(model, figures, 4));
    }
  });

  it('plans a model of a hundred unequal layers in a moment', () => {
    const source = random(5);
    const model = sketch(Array.from({ length: 100 }, (_, index) => ({ inputs: [index], parameters: index % 2 === 0, keepsInputs: [0], keepsOutput: index % 3 === 0 })));
    const figures = randomFigures(source, model);
    const least = leastBudget(model, figures);
    const most = predictedActivationBytes(model, segmentsOf(model, { kind: 'none' }), figures).peak;
    const times = [least, (least + most) / 2, most].map(budget => cheapestWithin(model, figures, budget)!.extraCost);
    assert.ok(times[0]! > times[1]! && times[1]! > times[2]! && times[2] === 0, times.join());
  });
});

describe('predicted bytes of a step', () => {
  it('are those that the tape\'s own bookkeeping comes to, for any graph and any segments', () => {
    const source = random(11);
    for (let round = 0; round < 300; round++) {
      const model = randomGraph(source, 2 + source.below(14));
      const figures = randomFigures(source, model);
      const ends = Array.from({ length: model.nodes.length - 1 }, (_, index) => index + 1).filter(() => source.uniform() < 0.3);
      const segments = [...ends, model.nodes.length].map((to, index) => ({ from: ends[index - 1] ?? 0, to, recompute: source.uniform() < 0.6 }));
      const counted = countedPeak(model, segments, figures);
      assert.equal(predictedActivationBytes(model, segments, figures).peak, counted.peak, `round ${round}: ${JSON.stringify(segments)}`);
      assert.equal(recomputedFlops(model, segments, figures), counted.again);
    }
  });
});
