import assert from 'node:assert/strict';
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
});
