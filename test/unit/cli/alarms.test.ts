import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readEvents } from '../../../src/protocol/runDirectory';
import { runCli } from '../../support/runCli';
import { scratchFolder } from '../host/scratch';

describe('efcp train: alarms', () => {
  const folder = scratchFolder();

  it('stop the run with code 1 and the command to go on with, which does', async () => {
    const diverging = ['digits-mlp', '--set', 'optimizer=sgd', '--set', 'backend=wasm', '--set', 'batchSize=512', '--set', 'learningRate=100', '--set', 'weightDecay=1', '--epochs', '1', '--run-dir', 'run'];
    const { code, stdout, stderr } = await runCli(['train', ...diverging], folder());
    assert.equal(code, 1);
    assert.match(stdout, /step \d+: alarm, stopped: loss is (NaN|Infinity) at step \d+.*The layer \w+ is the first whose output is not finite/);
    const way = /efcp train --resume (\S+) --set learningRate=33/.exec(stderr);
    assert.ok(way !== null, stderr);
    const again = await runCli(['train', '--resume', way[1]!, '--set', 'learningRate=0.001', '--set', 'weightDecay=0'], folder());
    assert.match(again.stdout, /learningRate 100 to 0\.001, weightDecay 1 to 0/);
    const { events } = readEvents(path.join(folder(), 'run'));
    const [restored, applied] = ['restored', 'applied'].map(wanted => events.findIndex(({ type }) => type === wanted));
    assert.ok(restored! > 0 && applied! > restored!);
  });

  it('for want of memory propose what was weighed: the run that goes on with it keeps within its budget', async () => {
    const small = ['digits-mlp', '--set', 'optimizer=sgd', '--set', 'backend=wasm', '--set', 'batchSize=1000', '--set', 'validationFraction=0.02', '--epochs', '1', '--run-dir', 'run'];
    const memoryBudget = 7;
    const { code, stderr } = await runCli(['train', ...small, '--set', `memoryBudget=${memoryBudget}`], folder());
    assert.equal(code, 1);
    const [, said] = /the highest instant of a step is then ([\d.]+) MB, as estimated/.exec(stderr) ?? [];
    const [, way] = /efcp (train --resume .*)/.exec(stderr) ?? [];
    assert.ok(said !== undefined && way !== undefined && Number(said) <= memoryBudget, stderr);
    assert.equal((await runCli(way.split(' '), folder())).code, 0);
    const { events } = readEvents(path.join(folder(), 'run'));
    const peaks = events.flatMap(event => event.type === 'sample' && event.step > 1 ? [event.memory.peakBytes] : []);
    assert.equal((Math.max(...peaks) / 1e6).toFixed(3), said);
    assert.equal(events.filter(({ type }) => type === 'alarm').length, 1);
  });

  it('of divergence leave the run going: at its end the command is told that takes that back, which does', async () => {
    const run = path.join(folder(), 'run');
    const settings = { model: 'mlp', data: 'digits', optimizer: 'sgd', backend: 'wasm', batchSize: 500, validationFraction: 0.5, epochs: 8, checkpointEvery: 1, learningRate: 0.1, clipNorm: 0.01, schedule: 'step', stepEvery: 30, stepFactor: 1, weightDecay: 0 };
    writeFileSync(path.join(folder(), 'run.efcp.json'), JSON.stringify(settings));
    assert.equal((await runCli(['train', 'run.efcp.json', '--epochs', '4', '--run-dir', 'run'], folder())).code, 0);
    // From here on every step turns the weights around and makes them a fifth larger.
    const { code, stderr, stdout } = await runCli(['train', '--resume', 'run', '--epochs', '9', '--set', 'learningRate=2.2', '--set', 'weightDecay=1'], folder());
    assert.equal(code, 0, stderr);
    assert.match(stdout, /alarm, noted: The loss has diverged .*, which is kept until the loss has come down again/);
    const [, from, rate] = /diverged at step \d+, and the run went on\. .*efcp train --resume \S+ --from (\S+) --set learningRate=(\S+)/.exec(stderr) ?? [];
    assert.ok(from !== undefined && rate !== undefined, stderr);
    const again = await runCli(['train', '--resume', 'run', '--from', from, '--set', `learningRate=${rate}`, '--set', 'weightDecay=0'], folder());
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, new RegExp(`restored from ${from}`));
    assert.equal(readEvents(run).events.at(-1)?.type, 'finished');
    assert.equal((await runCli(['train', 'digits-mlp', '--from', from], folder())).code, 2);
  });
});
