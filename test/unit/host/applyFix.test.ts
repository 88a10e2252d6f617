import assert from 'node:assert/strict';
import { applyFix } from '../../../src/host/applyFix';
import { FixProposals } from '../../../src/host/fixProposals';
import type { Run } from '../../../src/host/run';
import { planFile } from '../../../src/host/runPlan';
import { Runs } from '../../../src/host/runs';
import { fixOf, messageOf } from '../../../src/protocol/alarmFix';
import type { Estimate } from '../../../src/protocol/estimate';
import { readEvents, readRecord } from '../../../src/protocol/runDirectory';
import type { Settings } from '../../../src/settings/knobs';
import { fakeTrainer, thisNode, until } from './fakeRuns';
import { ListeningLog } from './listeningLog';
import { scratchFolder } from './scratch';

const plan = (behaviour: string, density: number) => planFile(JSON.stringify({ name: behaviour, density }), 'some.efcp.json');

describe('host: what an alarm for want of memory proposes', () => {
  const folder = scratchFolder();
  let runs: Runs;
  let proposals: FixProposals;
  beforeEach(() => { runs = new Runs({ trainerFile: fakeTrainer, log: new ListeningLog(), chooseNode: () => Promise.resolve(thisNode), runsRoot: folder }); });
  afterEach(() => {
    proposals.dispose();
    runs.dispose();
  });
  const exceeds = async () => {
    const run = await runs.launch(planFile('{"name": "exceeds", "backend": "wasm", "batchSize": 128, "memoryBudget": 1, "optimizer": "sgd"}', 'some.efcp.json'), undefined);
    await until(run, state => state.alarms.length > 0 && state.status === 'paused');
    return run;
  };
  const end = async (run: Run) => {
    run.stop();
    await run.ended();
  };
  /** Half a megabyte, and 10,000 bytes an example; never half as many examples. */
  const estimate = (settings: Settings) => Promise.resolve({ peakBytes: 500_000 + 10_000 * (settings.microbatch ?? settings.batchSize), examples: settings.batchSize } as Estimate);

  it('is weighed beside the run, and known to fit: that is what is shown and applied', async () => {
    proposals = new FixProposals(runs, () => ({ estimate }));
    const run = await exceeds();
    const [alarm] = run.state.alarms;
    await proposals.settled(alarm!);
    assert.deepEqual(run.state.proposal?.fix.settings, { microbatch: 32 });
    assert.match(messageOf(run.state, alarm!), /^The step held too much\. Set microbatch to 32; .* 0\.820 MB, as estimated\.$/);
    await applyFix(runs, run, alarm!.sequence);
    await until(run, state => state.step > 3);
    assert.equal(run.state.settings.microbatch, 32);
    await end(run);
  });

  it('is the run\'s own fix where nothing can be estimated, or in Restricted Mode', async () => {
    for (const planner of [() => undefined, () => ({ estimate: () => Promise.reject(new Error('no')) })]) {
      proposals = new FixProposals(runs, planner);
      const run = await exceeds();
      const [alarm] = run.state.alarms;
      await proposals.settled(alarm!);
      assert.equal(run.state.proposal, undefined);
      assert.deepEqual(fixOf(run.state, alarm!)?.settings, { microbatch: 64 });
      await end(run);
      proposals.dispose();
    }
  });
});

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
