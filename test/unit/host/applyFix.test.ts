import assert from 'node:assert/strict';
import { applyFix } from '../../../src/host/applyFix';
import { planFile } from '../../../src/host/runPlan';
import { Runs } from '../../../src/host/runs';
import { readEvents, readRecord } from '../../../src/protocol/runDirectory';
import { fakeTrainer, thisNode, until } from './fakeRuns';
import { ListeningLog } from './listeningLog';
import { scratchFolder } from './scratch';

const plan = (behaviour: string, density: number) => planFile(JSON.stringify({ name: behaviour, density }), 'some.efcp.json');

describe('host: what an alarm proposes', () => {
  const folder = scratchFolder();
  let runs: Runs;
  beforeEach(() => { runs = new Runs({ trainerFile: fakeTrainer, log: new ListeningLog(), chooseNode: () => Promise.resolve(thisNode), runsRoot: folder }); });
  afterEach(() => { runs.dispose(); });

  it('is a change of the run that waits, which then goes on', async () => {
    const run = await runs.launch(plan('alarms', 0.5), undefined);
    await until(run, state => state.status === 'paused');
    assert.equal(await applyFix(runs, run), run);
    await until(run, state => state.step > 3);
    assert.equal(run.state.settings.learningRate, 0.01);
    run.stop();
    await run.ended();
  });

  it('is a new beginning from the last checkpoint with those settings, where it says so', async () => {
    const run = await runs.launch(plan('alarms', 0.25), undefined);
    await until(run, state => state.status === 'paused');
    const { alarms: [alarm] } = run.state;
    assert.equal(await applyFix(runs, run, alarm!.sequence), run);
    await until(run, state => state.changes.length > 0);
    assert.equal(run.state.settings.learningRate, 0.01);
    assert.deepEqual(readEvents(run.directory).events.filter(({ type }) => type === 'finished' || type === 'restored' || type === 'applied').map(({ type }) => type), ['finished', 'restored', 'applied']);
    run.stop();
    await run.ended();
  });

  it('is refused where there is none, and settings that cannot change where a run goes on', async () => {
    const run = await runs.launch(plan('saves', 0.5), undefined);
    await until(run, state => state.step >= 2);
    await assert.rejects(applyFix(runs, run), /no alarm that proposes settings/);
    run.stop();
    await run.ended();
    await assert.rejects(runs.resume(run, { settings: { batchSize: 3 } }), /batchSize is .* for the whole run/);
  });

  it('is known for a process that was killed: the likely cause, the last checkpoint, and fewer bytes', async () => {
    const run = await runs.launch(plan('trains', 0.5), undefined);
    await until(run, state => state.step >= 2);
    process.kill(readRecord(run.directory).pid!, 'SIGKILL');
    await run.ended();
    const [alarm] = run.state.alarms;
    assert.deepEqual([alarm?.kind, alarm?.action, alarm?.fix?.way], ['outOfMemory', 'stopped', 'restart']);
    assert.match(alarm!.message, /killed \(SIGKILL\), most likely by the system because the machine ran out of memory\. In its last steps .* MB were live/);
    assert.equal(run.state.status, 'failed');
  });
});
