import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { planningAnswer, type PlanningAnswer } from '../../../src/protocol/planningWire';
import { estimate } from '../../../src/protocol/estimate';
import { assets } from '../../support/assets';
import { runCli } from '../../support/runCli';

describe('efcp estimate', function () {
  this.timeout(60_000);

  it('answers a request a line, says what is wrong with settings, and ends with its stdin', async () => {
    const child = spawn(process.execPath, [path.join(assets, 'cli.js'), 'estimate', '--serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = new Map<number, PlanningAnswer>();
    const requests = [
      'no request', { id: 1, type: 'estimate', settings: { model: 'mlp', backend: 'wasm' } }, { id: 2, type: 'estimate', settings: { batchSize: -1 } },
      { id: 3, type: 'estimate', settings: { model: 'convnet', backend: 'wasm' } }, { id: 3, type: 'cancel' },
    ];
    for (const request of requests) child.stdin.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: child.stdout })) {
      const answer = planningAnswer.parse(JSON.parse(line));
      answers.set(answer.id, answer);
      if (answers.size === 3) break;
    }
    const [first, second, third] = [answers.get(1), answers.get(2), answers.get(3)];
    assert.ok(first?.type === 'estimate' && first.estimate.peakBytes > 0);
    assert.ok(second?.type === 'refused' && second.message.startsWith('batchSize is -1'));
    assert.deepEqual([third?.type, third?.type === 'refused' && third.message], ['refused', 'Cancelled.']);
    child.stdin.end();
    await once(child, 'exit');
    assert.equal(child.exitCode, 0);
  });

  describe('asked for plans', () => {
    const settings = { model: 'mlp', optimizer: 'sgd', momentum: 0.9, batchSize: 64, backend: 'wasm' };
    let child: ChildProcessByStdio<Writable, Readable, null>;
    let answers: AsyncIterator<string>;
    beforeEach(() => {
      child = spawn(process.execPath, [path.join(assets, 'cli.js'), 'estimate', '--serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
      answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    });
    afterEach(async () => {
      const ended = child.exitCode !== null || once(child, 'exit');
      child.stdin.end();
      await ended;
      assert.deepEqual([child.exitCode, child.signalCode], [0, null], 'it ends with its stdin, with nothing left that would keep it');
    });
    const send = (request: unknown) => child.stdin.write(`${JSON.stringify(request)}\n`);
    const next = async (): Promise<PlanningAnswer> => planningAnswer.parse(JSON.parse((await answers.next()).value as string));
    const until = async (id: number): Promise<readonly PlanningAnswer[]> => {
      const seen: PlanningAnswer[] = [];
      do seen.push(await next()); while (seen.at(-1)!.type === 'progress' || seen.at(-1)!.id !== id);
      return seen;
    };

    it('tells how far it is, and then the plan, which keeps to the limits', async () => {
      send({ id: 1, type: 'plan', settings, limits: { budgetBytes: 4_000_000, mostRisk: 'rounding' } });
      const seen = await until(1);
      const last = seen.at(-1)!;
      assert.ok(last.type === 'plan' && last.plan.budgetBytes === 4_000_000 && last.plan.front[last.plan.chosen!]!.peakBytes <= 4_000_000);
      assert.ok(last.plan.front.every(({ risk }) => risk === 'same' || risk === 'rounding'));
      const told = seen.slice(0, -1).map(answer => answer.type === 'progress' && answer.id === 1 ? answer : assert.fail(answer.type));
      assert.ok(told.length > 3 && told.every(({ done, of }) => done <= of));
      assert.ok(told.some(({ what }) => what === 'timing techniques') && told.some(({ what }) => what === 'weighing combinations'));
    });

    it('refuses what it cannot plan for, and what is no request, by its id', async () => {
      send({ id: 1, type: 'plan', settings: { ...settings, batchSize: -1 }, limits: {} });
      send({ id: 2, type: 'plan', settings, limits: { budgetBytes: -5 } });
      send({ id: 3, type: 'plan', settings: { ...settings, workers: 2 }, limits: {} });
      send('nothing');
      const refused = new Map<number, string>();
      while (refused.size < 3) {
        const answer = await next();
        if (answer.type === 'refused') refused.set(answer.id, answer.message);
      }
      assert.match(refused.get(1)!, /^batchSize is -1/);
      assert.match(refused.get(2)!, /^The request cannot be read at limits\.budgetBytes: /);
      assert.match(refused.get(3)!, /^workers is 2, but must be 1 for estimates and plans: .* Set workers to 1/);
    });

    it('gives up what is cancelled, and answers what comes then', async () => {
      send({ id: 1, type: 'plan', settings, limits: {} });
      await next();
      send({ id: 1, type: 'cancel' });
      send({ id: 2, type: 'estimate', settings });
      const seen = await until(2);
      assert.ok(seen.some(answer => answer.id === 1 && answer.type === 'refused' && answer.message === 'Cancelled.'));
      assert.ok(seen.at(-1)?.type === 'estimate' && !seen.some(answer => answer.type === 'plan'));
    });

    it('gives up what is under way when its stdin ends', async () => {
      send({ id: 1, type: 'plan', settings: { ...settings, model: 'wrn-28-2', data: 'digits' }, limits: {} });
      await next();
      child.stdin.end();
      const last = (await until(1)).at(-1);
      assert.deepEqual([last?.type, last?.type === 'refused' && last.message], ['refused', 'The other side has gone.']);
    });
  });

  it('prints one object with --json, and words without', async () => {
    const json = await runCli(['estimate', 'digits-mlp', '--set', 'microbatch=16', '--backend', 'wasm', '--json'], '.');
    const made = estimate.parse(JSON.parse(json.stdout));
    assert.equal(made.examples, 64);
    assert.ok(made.assumptions.includes('Every batch has 64 examples, 16 of them at once.'));
    const words = await runCli(['estimate', 'digits-mlp', '--backend', 'wasm'], '.');
    assert.match(words.stdout, /peak: [\d.]+ MiB[\s\S]*optimizerState[\s\S]*assumptions/);
  });
});
