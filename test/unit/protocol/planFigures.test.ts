/** Small figures that panel, editor and command line share: what a plan counts, what applying a point is expected to do, and how far a prediction was off. */
import assert from 'node:assert/strict';
import { countedBytes } from '../../../src/protocol/countedBytes';
import { plan as planSchema, type PlanPoint } from '../../../src/protocol/plan';
import { pointForecast } from '../../../src/protocol/pointForecast';
import { relativeError } from '../../../src/protocol/relativeError';
import { forecast } from '../../../src/protocol/runEvents';
import { risks, riskWords } from '../../../src/protocol/risks';
import { lateMs, newStretch, type Stretch } from '../../../src/protocol/stretches';
import { samplePlan, small } from '../../support/panelPlan';

const measured = (ms: number): Stretch => ({ ...newStretch(), samples: 2, late: [{ steps: 4, ms: 4 * ms }, { steps: 1, ms }] });
const { given } = samplePlan;
const { stepMs: smallMs, ...timeless } = small;

describe('protocol: what applying a point of a plan is expected to do', () => {
  it('is the difference to the settings as given, in time a share of what was measured last', () => {
    for (const point of samplePlan.front) {
      const { peakBytes, storedBytes, stepMs } = pointForecast(point, samplePlan, measured(80));
      assert.deepEqual([given.peakBytes + peakBytes!, given.storedBytes + storedBytes!], [point.peakBytes, point.storedBytes]);
      assert.ok(Math.abs((80 + stepMs!) / 80 - point.stepMs! / given.stepMs!) < 1e-12);
    }
  });

  it('is nothing for the settings as given', () => {
    assert.deepEqual(pointForecast(given, samplePlan, measured(80)), { peakBytes: 0, storedBytes: 0, stepMs: 0, stepMsBefore: 80 });
  });

  it('of a point and of the way back add up to nothing in bytes, and multiply to nothing in time', () => {
    const there = pointForecast(small, samplePlan, measured(80));
    const back = pointForecast(given, { ...samplePlan, given: small }, measured(80 + there.stepMs!));
    assert.deepEqual([there.peakBytes! + back.peakBytes!, there.storedBytes! + back.storedBytes!], [0, 0]);
    assert.ok(Math.abs(there.stepMs! + back.stepMs!) < 1e-9);
  });

  const unknown: Readonly<Record<string, readonly [PlanPoint, PlanPoint, Stretch | undefined]>> = {
    'no stretch': [small, given, undefined], 'no step of it was measured': [small, given, newStretch()], 'the point has no time': [timeless, given, measured(80)],
    'the settings as given have none': [small, { ...timeless, changes: {} }, measured(80)], 'they take none': [small, { ...given, stepMs: 0 }, measured(80)],
  };
  for (const [why, [point, from, stretch]] of Object.entries(unknown)) {
    it(`says nothing of time where ${why}, and bytes all the same`, () => {
      const made = pointForecast(point, { ...samplePlan, given: from }, stretch);
      assert.deepEqual(['stepMs' in made, 'stepMsBefore' in made], [false, false]);
      assert.equal(made.peakBytes, point.peakBytes - from.peakBytes);
    });
  }

  it('can be recorded with the change', () => {
    const made = pointForecast(small, samplePlan, measured(80));
    assert.deepEqual(forecast.parse(JSON.parse(JSON.stringify(made))), made);
    assert.ok(smallMs !== undefined && lateMs(measured(80)) === 80);
  });
});

describe('protocol: what a plan counts', () => {
  it('is the peak, or what is stored', () => {
    for (const point of planSchema.parse(samplePlan).front) {
      assert.equal(countedBytes(point, { counted: 'peak' }), point.peakBytes);
      assert.equal(countedBytes(point, { counted: 'stored' }), point.storedBytes);
    }
  });
});

describe('protocol: risks', () => {
  it('go from the same result upwards, each once, in words of its own', () => {
    assert.equal(risks[0], 'same');
    assert.deepEqual(Object.keys(riskWords), risks);
    assert.equal(new Set(Object.values(riskWords)).size, risks.length);
  });

  it('are all that a plan may say', () => {
    for (const risk of risks) assert.equal(planSchema.parse({ ...samplePlan, given: { ...given, risk } }).given.risk, risk);
    assert.equal(planSchema.safeParse({ ...samplePlan, given: { ...given, risk: 'none' } }).success, false);
  });
});

describe('protocol: how far a prediction was off', () => {
  it('is the share that measuring it would have to grow by', () => {
    for (const [predicted, actual] of [[110, 100], [90, 100], [0, 3], [100, 100], [1, 1e9]] as const) {
      assert.ok(Math.abs(actual * (1 + relativeError(predicted, actual)!) - predicted) < 1e-6);
    }
    assert.ok(relativeError(110, 100)! > 0 && relativeError(90, 100)! < 0);
    assert.equal(relativeError(100, 100), 0);
    assert.equal(relativeError(0, 7), -1);
  });

  it('is no number where nothing was measured, not even for a prediction of nothing', () => {
    for (const predicted of [0, 5]) assert.equal(relativeError(predicted, 0), undefined);
  });
});
