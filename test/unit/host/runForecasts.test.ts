/** What a change would do to a step of a run, from two estimates and what was measured. */
import assert from 'node:assert/strict';
import { PlanningRefused } from '../../../src/host/planner';
import { difference, RunForecasts, settingsInUse } from '../../../src/host/runForecasts';
import type { Estimate } from '../../../src/protocol/estimate';
import { initialState, type RunState } from '../../../src/protocol/runState';
import { addToStretch, newStretch } from '../../../src/protocol/stretches';
import { defaults, type Settings } from '../../../src/settings/knobs';
import { InputError } from '../../../src/settings/problem';
import { estimateOf } from './estimates';
import { sample, started } from './recorded';

const signal = new AbortController().signal;
const settings: Settings = { ...defaults, batchSize: 64, window: 20, microbatch: null };

/** A run whose last steps took so many milliseconds each. */
function running(measuredMs?: number, changes: Partial<Settings> = {}): RunState {
  const stretch = newStretch();
  if (measuredMs !== undefined) addToStretch(stretch, { ...sample(1, 1), stepMs: measuredMs });
  return { ...initialState({ ...settings, ...changes }), status: 'running', started: started(), stretches: [stretch] };
}

function asked(estimate: (settings: Settings) => Promise<Estimate> = given => Promise.resolve(estimateOf(given))) {
  const all: Settings[] = [];
  const forecasts = new RunForecasts({ estimate: given => {
    all.push(given);
    return estimate(given);
  } });
  return { all, forecasts };
}

describe('host: what a change would do to a step', () => {
  it('is the difference of two estimates, in time in proportion to what was measured', async () => {
    const { forecasts } = asked();
    assert.deepEqual(await forecasts.of(running(60), { window: 35 }, signal), { peakBytes: 1500, storedBytes: 1500, stepMs: 60 * (45 / 30 - 1), stepMsBefore: 60 });
    assert.deepEqual(await forecasts.of(running(), { window: 35 }, signal), { peakBytes: 1500, storedBytes: 1500, stepMs: 15, stepMsBefore: 30 });
  });

  it('of a change and of the change back add up to nothing', async () => {
    const { forecasts } = asked();
    const [there, back] = [await forecasts.of(running(), { window: 50, microbatch: 8 }, signal), await forecasts.of(running(undefined, { window: 50, microbatch: 8 }), { window: 20, microbatch: null }, signal)];
    for (const name of ['peakBytes', 'storedBytes', 'stepMs'] as const) assert.equal(there[name]! + back[name]!, 0, name);
  });

  it('of what already is, is nothing', async () => {
    assert.deepEqual(await asked().forecasts.of(running(33), { window: 20 }, signal), { peakBytes: 0, storedBytes: 0, stepMs: 0, stepMsBefore: 33 });
  });

  it('estimates what the run has now once, until that changes', async () => {
    const { all, forecasts } = asked();
    for (const window of [1, 2, 3]) await forecasts.of(running(), { window }, signal);
    assert.deepEqual(all.map(({ window }) => window), [20, 1, 2, 3]);
    await forecasts.of(running(undefined, { window: 9 }), { window: 1 }, signal);
    assert.deepEqual(all.slice(4).map(({ window }) => window), [9, 1]);
  });

  it('asks again for an estimate that failed', async () => {
    let fails = true;
    const { forecasts } = asked(given => fails ? Promise.reject(new PlanningRefused('not now')) : Promise.resolve(estimateOf(given)));
    await assert.rejects(forecasts.of(running(), { window: 1 }, signal), /not now/);
    fails = false;
    assert.equal((await forecasts.of(running(), { window: 1 }, signal)).peakBytes, -1900);
  });

  it('is of the backend that the run computes on', async () => {
    const { all, forecasts } = asked();
    await forecasts.of(running(undefined, { backend: 'auto' }), { window: 1 }, signal);
    assert.deepEqual(all.map(({ backend }) => backend), ['none', 'none']);
    assert.equal(settingsInUse({ settings, started: undefined }).backend, settings.backend);
  });

  it('refuses a change that is not allowed, and asks nothing', async () => {
    const { all, forecasts } = asked();
    await assert.rejects(forecasts.of(running(), { window: 0 }, signal), (error: unknown) => error instanceof InputError && /window is 0/.test(error.message));
    await assert.rejects(forecasts.of(running(), { batchSize: 2 }, signal), /batchSize/);
    assert.deepEqual(all, []);
  });

  describe('its time', () => {
    const whole = estimateOf(settings);
    const { stepMs, ...timeless } = whole;

    it('is absent where either estimate has none, or the first takes none', () => {
      for (const [before, after] of [[whole, timeless], [timeless, whole], [timeless, timeless], [{ ...whole, stepMs: 0 }, whole]] as const) {
        assert.deepEqual(difference(before, after, 60), { peakBytes: 0, storedBytes: 0 });
      }
    });

    it('grows with what was measured, and never leaves a step less than none', () => {
      for (const share of [0, 0.5, 1.5, 40]) {
        for (const measuredMs of [1, 30, 400]) {
          const { stepMs: more } = difference(whole, { ...timeless, stepMs: stepMs! * share }, measuredMs);
          assert.ok(Math.abs(more! - measuredMs * (share - 1)) < 1e-9 && measuredMs + more! >= -1e-9);
        }
      }
    });
  });
});
