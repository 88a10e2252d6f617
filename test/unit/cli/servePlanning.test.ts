import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
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

  it('prints one object with --json, and words without', async () => {
    const json = await runCli(['estimate', 'digits-mlp', '--set', 'microbatch=16', '--backend', 'wasm', '--json'], '.');
    const made = estimate.parse(JSON.parse(json.stdout));
    assert.equal(made.examples, 64);
    assert.ok(made.assumptions.includes('Every batch has 64 examples, 16 of them at once.'));
    const words = await runCli(['estimate', 'digits-mlp', '--backend', 'wasm'], '.');
    assert.match(words.stdout, /peak: [\d.]+ MiB[\s\S]*optimizerState[\s\S]*assumptions/);
  });
});
