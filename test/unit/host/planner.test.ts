/** The process beside the window: started when needed, ended when idle, started again when it broke off; every request has its answer. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Planner, PlanningRefused, type PlannerEnvironment } from '../../../src/host/planner';
import { planLimits } from '../../../src/protocol/planningWire';
import { defaults, type Settings } from '../../../src/settings/knobs';
import { ListeningLog } from './listeningLog';

const node = { path: process.execPath, version: process.version, reason: 'this one', environment: {} };
const crashes = 13;
const neverAnswers = 14;
const refuses = 15;
const talksNonsense = 16;

function settings(batchSize: number): Settings {
  return { ...defaults, batchSize };
}

describe('host: planner', function () {
  this.timeout(20_000);
  let planner: Planner;
  let log: ListeningLog;
  let started: number;
  const warnings = () => log.lines.filter(line => line.startsWith('warn'));
  const make = (changes: Partial<PlannerEnvironment> = {}) => {
    started = 0;
    log = new ListeningLog();
    const chooseNode = () => {
      started += 1;
      return Promise.resolve(node);
    };
    planner = new Planner({ cliFile: path.resolve('test/fixtures/fakePlanner.mjs'), chooseNode, folder: () => undefined, log, ...changes });
  };
  afterEach(() => planner.dispose());
  const makerOf = async (batchSize: number) => (await planner.estimate(settings(batchSize))).assumptions[0];

  it('starts no process before it is asked, and one for all requests', async () => {
    make();
    assert.equal(started, 0);
    const [first, second] = await Promise.all([planner.estimate(settings(10)), planner.estimate(settings(20))]);
    assert.equal(second.bytes.activations, 2 * first.bytes.activations);
    assert.equal(second.assumptions[0], first.assumptions[0]);
    assert.equal(started, 1);
  });

  it('says why something cannot be estimated', async () => {
    make();
    await assert.rejects(planner.estimate(settings(refuses)), (error: unknown) => error instanceof PlanningRefused && error.message === 'the model is not there');
  });

  it('leaves out what is no answer', async () => {
    make();
    assert.equal((await planner.estimate(settings(talksNonsense))).examples, 16);
    assert.equal(warnings().length, 2);
  });

  it('a request that is taken back is over at once, and the next one is answered', async () => {
    make();
    await planner.estimate(settings(1));
    const control = new AbortController();
    const asked = planner.estimate(settings(neverAnswers), control.signal);
    control.abort(new Error('superseded'));
    await assert.rejects(asked, /superseded/);
    assert.equal((await planner.estimate(settings(2))).examples, 2);
    await assert.rejects(planner.estimate(settings(2), control.signal), /superseded/);
  });

  it('plans, telling how far it is, and cancels', async () => {
    make();
    const seen: string[] = [];
    const plan = await planner.plan(settings(100), { limits: planLimits.parse({ budgetBytes: 5_000_000 }), progress: ({ done, of, what }) => seen.push(`${done}/${of} ${what}`) });
    assert.deepEqual(seen, ['1/2 weighing']);
    assert.equal(plan.front[plan.chosen!]!.words, 'microbatch 20');
    const control = new AbortController();
    const asked = planner.plan(settings(neverAnswers), { limits: planLimits.parse({}), signal: control.signal, progress: () => control.abort(new Error('enough')) });
    await assert.rejects(asked, /enough/);
  });

  it('starts another process after one broke off, with what it said last in the words', async () => {
    make();
    const first = await makerOf(1);
    await assert.rejects(planner.estimate(settings(crashes)), /broke off: it ended with exit code 3: it broke/);
    assert.notEqual(await makerOf(1), first);
    assert.equal(started, 2);
  });

  it('does not start one again and again', async () => {
    make();
    for (let time = 0; time < 3; time++) await assert.rejects(planner.estimate(settings(crashes)), /exit code 3/);
    await assert.rejects(planner.estimate(settings(1)), /broke off 3 times/);
    assert.equal(started, 3);
  });

  it('starts one again after a while, and forgets those that broke off once it answers', async () => {
    make();
    for (let time = 0; time < 3; time++) await assert.rejects(planner.estimate(settings(crashes)), /exit code 3/);
    const { now } = Date;
    Date.now = () => now() + 61_000;
    try {
      await makerOf(1);
    } finally {
      Date.now = now;
    }
    for (let time = 0; time < 2; time++) await assert.rejects(planner.estimate(settings(crashes)), /exit code 3/);
    await makerOf(1);
    assert.equal(started, 6);
  });

  it('fails all that one process was asked when it breaks off, and leaves no request without an answer', async () => {
    make();
    await makerOf(1);
    const asked = [neverAnswers, neverAnswers, crashes].map(batchSize => planner.estimate(settings(batchSize)));
    for (const { status } of await Promise.allSettled(asked)) assert.equal(status, 'rejected');
    await assert.rejects(asked[0]!, /The next request starts another/);
  });

  it('refuses where there is no such program', async () => {
    make({ chooseNode: () => Promise.resolve({ ...node, path: '/no/such/node' }) });
    await assert.rejects(planner.estimate(settings(1)), /could not be started/);
  });

  it('lets the process go when nobody asks for a while', async () => {
    make({ idleMs: 50 });
    const first = await makerOf(1);
    await delay(200);
    assert.notEqual(await makerOf(1), first);
    assert.deepEqual(warnings(), []);
  });

  it('keeps the process while somebody waits for an answer', async () => {
    make({ idleMs: 50 });
    const first = await makerOf(1);
    const control = new AbortController();
    const asked = planner.estimate(settings(neverAnswers), control.signal);
    await delay(200);
    assert.equal(await makerOf(2), first);
    control.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
  });

  it('lets a process go that nobody waits for any more once it is there', async () => {
    const nodes: ((choice: typeof node) => void)[] = [];
    make({ idleMs: 50, chooseNode: () => new Promise(resolve => nodes.push(resolve)) });
    const control = new AbortController();
    const asked = planner.estimate(settings(1), control.signal);
    control.abort(new Error('superseded'));
    nodes[0]!(node);
    await assert.rejects(asked, /superseded/);
    await delay(200);
    const again = makerOf(1);
    assert.equal(nodes.length, 2, 'the first is gone');
    nodes[1]!(node);
    await again;
  });

  it('refuses what is asked after the window closed', async () => {
    make();
    const asked = planner.estimate(settings(neverAnswers));
    await delay(200);
    planner.dispose();
    await assert.rejects(asked, /window closes/);
    await assert.rejects(planner.estimate(settings(1)), /window closes/);
  });
});
