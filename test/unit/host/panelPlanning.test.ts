/** What a panel asks about settings that nobody has applied: one answer each, and none to what was taken back. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { PanelPlanning } from '../../../src/host/panelPlanning';
import { PlanningRefused, type Planner, type PlanWishes } from '../../../src/host/planner';
import type { Run } from '../../../src/host/run';
import type { Estimate } from '../../../src/protocol/estimate';
import type { PlanningMessage } from '../../../src/protocol/panel';
import { planLimits } from '../../../src/protocol/planningWire';
import type { Plan } from '../../../src/protocol/plan';
import { initialState } from '../../../src/protocol/runState';
import { defaults, type Settings } from '../../../src/settings/knobs';
import { samplePlan } from '../../support/panelPlan';
import { estimateOf } from './estimates';
import { started } from './recorded';

interface Asked {
  readonly settings: Settings;
  readonly signal: AbortSignal | undefined;
  readonly wishes?: PlanWishes;
  readonly answer: (value: Estimate | Plan) => void;
  readonly refuse: (error: Error) => void;
}

/** Answers when it is told to; what is aborted rejects with the reason, as the planner's requests do. */
class SlowPlanner implements Pick<Planner, 'estimate' | 'plan'> {
  readonly asked: Asked[] = [];

  estimate(settings: Settings, signal?: AbortSignal): Promise<Estimate> {
    return this.ask(settings, signal);
  }

  plan(settings: Settings, wishes: PlanWishes): Promise<Plan> {
    return this.ask(settings, wishes.signal, wishes);
  }

  private ask<Answer>(settings: Settings, signal: AbortSignal | undefined, wishes?: PlanWishes): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => { reject(signal.reason as Error); });
      this.asked.push({ settings, signal, ...(wishes === undefined ? {} : { wishes }), answer: value => resolve(value as Answer), refuse: reject });
    });
  }
}

describe('host: what a panel asks about settings', () => {
  let planner: SlowPlanner;
  let posted: PlanningMessage[];
  let planning: PanelPlanning;
  let isTrusted: boolean;
  beforeEach(() => {
    [planner, posted, isTrusted] = [new SlowPlanner(), [], true];
    const run = { state: { ...initialState({ ...defaults, batchSize: 64 }), status: 'running', started: started() } } as unknown as Run;
    planning = new PanelPlanning(run, () => isTrusted ? planner as unknown as Planner : undefined, message => posted.push(message));
  });

  /** Answers all that is asked, until nothing more is. */
  const answerAll = async () => {
    for (let done = 0; done < planner.asked.length; done++) {
      planner.asked[done]!.answer(estimateOf(planner.asked[done]!.settings));
      await turn();
    }
  };
  const limits = planLimits.parse({ budgetBytes: 5_000_000 });

  it('tells of each alternative by its place, a refusal among them', async () => {
    const forecast = planning.forecast({ type: 'forecast', id: 4, alternatives: [{ window: 33 }, { window: 0 }, { window: 31 }] });
    await turn();
    await answerAll();
    await forecast;
    assert.deepEqual(posted.map(message => message.type === 'forecast' && [message.id, message.index, message.forecast?.peakBytes]), [[4, 0, 100], [4, 1, undefined], [4, 2, -100]]);
    assert.match(posted[1]?.type === 'forecast' ? posted[1].why ?? '' : '', /^window is 0, but must be/);
  });

  it('says no more of what it was asked before, once it is asked something else', async () => {
    const first = planning.forecast({ type: 'forecast', id: 1, alternatives: [{ window: 33 }, { window: 34 }] });
    await turn();
    planner.asked[0]!.answer(estimateOf(planner.asked[0]!.settings));
    await turn();
    const second = planning.forecast({ type: 'forecast', id: 2, alternatives: [{ window: 35 }] });
    assert.ok(planner.asked[1]!.signal?.aborted);
    await first;
    await turn();
    planner.asked[2]!.answer(estimateOf(planner.asked[2]!.settings));
    await second;
    assert.deepEqual(posted.map(({ id }) => id), [2]);
    assert.equal(planner.asked.length, 3, 'the estimate of the settings as they are is kept, and the second alternative was never asked for');
  });

  it('plans within the limits, and tells how far it is', async () => {
    const asked = planning.plan({ type: 'plan', id: 1, limits });
    const [{ wishes, settings, answer }] = planner.asked as [Asked];
    assert.deepEqual([wishes?.limits, settings.batchSize, settings.backend], [limits, 64, 'none']);
    wishes!.progress!({ done: 1, of: 2, what: 'weighing' });
    answer(samplePlan);
    await asked;
    assert.deepEqual(posted, [{ type: 'planProgress', id: 1, done: 1, of: 2, what: 'weighing' }, { type: 'plan', id: 1, plan: samplePlan }]);
  });

  it('cancels the plan that is named, and no other', async () => {
    const asked = planning.plan({ type: 'plan', id: 2, limits });
    planning.cancelPlan({ type: 'cancelPlan', id: 1 });
    assert.equal(planner.asked[0]!.signal?.aborted, false);
    planning.cancelPlan({ type: 'cancelPlan', id: 2 });
    await asked;
    assert.deepEqual(posted, [{ type: 'planRefused', id: 2, message: 'Cancelled.' }]);
  });

  it('gives a plan up for a newer one without a word', async () => {
    const first = planning.plan({ type: 'plan', id: 1, limits });
    const second = planning.plan({ type: 'plan', id: 2, limits });
    await first;
    assert.deepEqual(posted, []);
    planner.asked[1]!.refuse(new PlanningRefused('The model is not there.'));
    await second;
    assert.deepEqual(posted, [{ type: 'planRefused', id: 2, message: 'The model is not there.' }]);
  });

  it('asks nothing in Restricted Mode, and says why and what to do', async () => {
    isTrusted = false;
    await planning.forecast({ type: 'forecast', id: 1, alternatives: [{ window: 33 }] });
    await planning.plan({ type: 'plan', id: 2, limits });
    assert.deepEqual(planner.asked, []);
    const words = posted.map(message => message.type === 'forecast' ? message.why : message.type === 'planRefused' ? message.message : '');
    for (const each of words) assert.match(each ?? '', /Restricted Mode, because that runs code\. Trust the workspace/);
    assert.equal(words.length, 2);
  });

  it('ends what is under way with the panel, and says nothing more', async () => {
    const all = [planning.plan({ type: 'plan', id: 1, limits }), planning.forecast({ type: 'forecast', id: 1, alternatives: [{ window: 33 }] })];
    await turn();
    planning.dispose();
    planner.asked.at(-1)!.answer(estimateOf(planner.asked.at(-1)!.settings));
    await Promise.all(all);
    assert.deepEqual(posted, []);
  });
});
