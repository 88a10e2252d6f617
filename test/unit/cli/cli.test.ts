import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEvents, readRecord } from '../../../src/protocol/runDirectory';
import { runEvent, type FinishedEvent } from '../../../src/protocol/runEvents';
import { categories, sumBytes } from '../../../src/protocol/samples';
import { knobNames } from '../../../src/settings/knobs';
import { presetNames, presets } from '../../../src/settings/presets';
import { runCli } from '../../support/runCli';

describe('cli', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-cli-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
  const finishedOf = (stdout: string) => JSON.parse(stdout.trim().split('\n').at(-1)!) as FinishedEvent;

  describe('train', () => {
    // The others need data that must be fetched first.
    for (const preset of presetNames.filter(name => presets[name].settings.data === 'digits')) {
      it(`${preset} --json: events as lines, the last one "finished" with every figure`, async () => {
        const { code, stdout, stderr } = await runCli(['train', preset, '--json', '--epochs', '1', '--seed', '3', '--run-dir', 'run', '--set', 'window=4', '--set', 'batchSize=512'], folder);
        assert.equal(code, 0, stderr);
        const events = stdout.trim().split('\n').map(line => runEvent.parse(JSON.parse(line)));
        assert.deepEqual(events.map(({ sequence }) => sequence), events.map((_, index) => index));
        const finished = finishedOf(stdout);
        assert.deepEqual([finished.type, finished.reason, finished.steps], ['finished', 'completed', 18]);
        const { loss, validationLoss, validationAccuracy } = finished.metrics;
        for (const value of [loss, validationLoss, validationAccuracy]) assert.equal(typeof value, 'number');
        assert.deepEqual(Object.keys(finished.bytesAtPeak!).sort(), [...categories].sort());
        assert.equal(sumBytes(finished.bytesAtPeak!), finished.peakBytes);
        assert.equal(finished.unattributedBytes, finished.bytesAtPeak!.unattributed);
        const run = path.join(folder, 'run');
        assert.deepEqual(readEvents(run).events, events, 'the file holds what was printed');
        const { settings } = readRecord(run);
        assert.deepEqual([settings['seed'], settings['epochs'], settings['window'], settings['batchSize']], [3, 1, 4, 512]);
      });
    }

    for (const optimizer of ['sgd', 'sparse-mfac']) {
      it(`${optimizer} with its state on the device: the same events, and nothing said of what was not measured`, async () => {
        const { code, stdout, stderr } = await runCli(['train', 'digits-mlp', '--json', '--epochs', '1', '--run-dir', 'run', '--set', 'placement=device', '--set', `optimizer=${optimizer}`, '--set', 'window=4', '--set', 'batchSize=512'], folder);
        assert.equal(code, 0, stderr);
        const { reason, steps, unattributedBytes } = finishedOf(stdout);
        assert.deepEqual([reason, steps, unattributedBytes], ['completed', 18, 0]);
        assert.doesNotMatch(stdout, /diagnostics/);
        const replay = await runCli(['replay', 'run'], folder);
        assert.match(replay.stdout, /completed after 18 steps/);
        assert.doesNotMatch(replay.stdout, /diagnostics/);
      });
    }

    it('reports in words where there is no terminal, and keeps the run under .efcp/runs', async () => {
      writeFileSync(path.join(folder, 'mine.efcp.json'), '{ "preset": "digits-mlp", "epochs": 1, // one\n "optimizer": "adamw", "learningRate": 0.001 }');
      const { code, stdout } = await runCli(['train', 'mine.efcp.json'], folder);
      assert.equal(code, 0);
      for (const words of [/mine: adamw on 235,146 parameters/, /backend wasm 4\.22\.0 \((embedded|the only one that can be used here)/, /epoch 1\/1 {2}step 141 {2}validation loss/, /live bytes at the peak: .*MiB/, /optimizer state: .*8\.00 B\/parameter/, /unattributed +0 B/]) assert.match(stdout, words);
      assert.doesNotMatch(stdout, /\x1b/, 'no control codes outside a terminal');
      assert.equal(readdirSync(path.join(folder, '.efcp', 'runs')).length, 1);
    });

    it('stops after the present step on Ctrl-C and says so, also where two signals come of it', async () => {
      let asked = false; // a second one later would end the process at once, before it can say anything
      const { code, stdout } = await runCli(['train', 'digits-mlp', '--json', '--epochs', '50', '--run-dir', 'run'], folder, (line, signal) => {
        if (asked || !line.includes('"type":"sample"')) return;
        asked = true;
        signal('SIGINT');
        signal('SIGTERM');
      });
      assert.equal(code, 130);
      assert.equal(finishedOf(stdout).reason, 'stopped');
      assert.ok(finishedOf(stdout).steps > 0);
    });

    it('leaves a readable run when it is killed', async () => {
      await runCli(['train', 'digits-mlp', '--json', '--epochs', '50', '--run-dir', 'run'], folder, (line, signal) => {
        if (line.includes('"type":"sample"')) signal('SIGKILL');
      });
      const { events, damagedLines } = readEvents(path.join(folder, 'run'));
      assert.ok(events.some(({ type }) => type === 'sample'));
      assert.deepEqual(damagedLines, []);
      const replay = await runCli(['replay', 'run'], folder);
      assert.equal(replay.code, 0);
      assert.match(replay.stdout, /interrupted/);
    });
  });

  describe('bad input', () => {
    const refused: [what: string, args: string[], message: RegExp][] = [
      ['malformed JSON', ['malformed.efcp.json'], /malformed\.efcp\.json:3:3: Malformed JSON.*Correct the syntax/],
      ['an unknown setting', ['digits-mlp', '--set', 'densty=0.1'], /"densty" is not a setting\. Did you mean "density"\?/],
      ['an unknown setting in a file', ['unknown.efcp.json'], /unknown\.efcp\.json:2:3: "windows" is not a setting\. Did you mean "window"/],
      ['an out-of-range value', ['digits-mlp', '--set', 'density=2'], /density is 2, but must be a number from 0\.0001 to 1\. Choose/],
      ['an out-of-range epoch count', ['digits-mlp', '--epochs', '0'], /epochs is 0, but must be a whole number from 1 to 10000/],
      ['a seed that is no number', ['digits-mlp', '--seed', 'x'], /seed is "x", but must be a whole number/],
      ['an optimizer that the device does not have', ['digits-mlp', '--set', 'placement=device', '--set', 'optimizer=muon'], /optimizer is "muon", whose state cannot be held on the device; that of sgd, adamw.*choose the placement "host"/],
      ['a precision that the device does not have, in a file', ['device.efcp.json'], /device\.efcp\.json:3:3: valuePrecision is "bfloat16".*Set it to "float32", or choose the placement "host"/],
      ['a missing file', ['nowhere.efcp.json'], /"nowhere\.efcp\.json" is neither a preset nor a file that exists\. The presets are digits-mlp, digits-convnet/],
      ['an assignment without a value', ['digits-mlp', '--set', 'density'], /--set is given "density", but must be key=value/],
    ];
    for (const [what, args, message] of refused) {
      for (const json of [false, true]) {
        it(`${what}${json ? ', --json' : ''}: exit code 2, a clear message, a readable run directory`, async () => {
          writeFileSync(path.join(folder, 'malformed.efcp.json'), '{\n  "window": 8\n  "density": 0.1\n}');
          writeFileSync(path.join(folder, 'device.efcp.json'), '{\n  "preset": "digits-mlp", "placement": "device",\n  "valuePrecision": "bfloat16"\n}');
          writeFileSync(path.join(folder, 'unknown.efcp.json'), '{\n  "windows": 8\n}');
          const { code, stdout, stderr } = await runCli(['train', ...args, '--run-dir', 'run', ...(json ? ['--json'] : [])], folder);
          assert.equal(code, 2);
          assert.match(stderr, message);
          assert.doesNotMatch(stderr, /\n +at /, 'no stack trace');
          const last = readEvents(path.join(folder, 'run')).events.at(-1)!;
          assert.ok(last.type === 'finished' && last.reason === 'failed');
          assert.match(last.message ?? '', message);
          assert.equal(readRecord(path.join(folder, 'run')).version, 1);
          if (json) assert.deepEqual(finishedOf(stdout), last);
        });
      }
    }

    it('a diverging run: exit code 1, the step and the remedy, the run up to there', async () => {
      const { code, stdout, stderr } = await runCli(['train', 'digits-mlp', '--json', '--run-dir', 'run', '--set', 'optimizer=sgd', '--set', 'learningRate=100', '--set', 'weightDecay=1'], folder);
      assert.equal(code, 1);
      assert.match(stderr, /learningRate 100.*Lower the learning rate/s);
      assert.equal(finishedOf(stdout).reason, 'failed');
      assert.ok(finishedOf(stdout).steps >= 1);
    });

    it('an absent backend: exit code 1 and what to install', async () => {
      const { code, stderr } = await runCli(['train', 'digits-mlp', '--set', 'backend=tensorflow', '--run-dir', 'run'], folder);
      assert.equal(code, 1);
      assert.match(stderr, /neither @tensorflow\/tfjs-node-gpu nor @tensorflow\/tfjs-node is installed.*Install one/);
    });

    it('a folder that holds a run already is not overwritten', async () => {
      await runCli(['train', 'nowhere', '--run-dir', 'run'], folder);
      const { code, stderr } = await runCli(['train', 'digits-mlp', '--run-dir', 'run'], folder);
      assert.equal(code, 2);
      assert.match(stderr, /already holds a run\. Choose another folder/);
    });

    it('a run directory that cannot be made', async () => {
      writeFileSync(path.join(folder, 'plain'), '');
      const { code, stderr } = await runCli(['train', 'digits-mlp', '--run-dir', 'plain/run'], folder);
      assert.equal(code, 2);
      assert.match(stderr, /--run-dir is .*plain.run, which cannot be made \(ENOTDIR.*Choose a folder/);
    });

    for (const [args, message] of [
      [['fly'], /"fly" is not a command\. The commands are train, estimate, plan, profile, replay, export, evaluate/],
      [['train'], /Say what to train/], [['replay'], /Say which run/], [['replay', 'nowhere'], /is not a run directory/],
      [['train', 'digits-mlp', '--bogus'], /--bogus/],
    ] as const) {
      it(`efcp ${args.join(' ')}`, async () => {
        const { code, stderr } = await runCli(args, folder);
        assert.notEqual(code, 0);
        assert.match(stderr, message);
      });
    }
  });

  it('replay shows a finished run: the same events as JSON, its end in words', async () => {
    const { stdout } = await runCli(['train', 'digits-mlp', '--json', '--epochs', '1', '--run-dir', 'run'], folder);
    assert.ok((await runCli(['replay', 'run', '--json'], folder)).stdout === stdout, 'the same lines');
    assert.match((await runCli(['replay', 'run'], folder)).stdout, /completed after 141 steps/);
  });

  it('doctor says what computes here and what a run would use', async () => {
    const { code, stdout } = await runCli(['doctor', '--json'], folder);
    assert.equal(code, 0);
    const report = JSON.parse(stdout) as { backends: { name: string; available: boolean; detail: string; adapter?: object }[]; chosen: { name: string; reason: string } };
    const reports = new Map(report.backends.map(each => [each.name, each]));
    assert.deepEqual([...reports.keys()].sort(), ['cpu', 'tensorflow', 'wasm', 'webgpu']);
    for (const [name, works] of [['tensorflow', false], ['wasm', true], ['cpu', true]] as const) assert.equal(reports.get(name)?.available, works, name);
    // With a driver or without, it says on what, or what is missing.
    const webgpu = reports.get('webgpu')!;
    if (webgpu.available) assert.ok(webgpu.adapter);
    else assert.match(webgpu.detail, /"backend": "wasm"|npm install webgpu|software/);
    assert.equal(report.chosen.name, 'wasm');
    assert.match((await runCli(['doctor'], folder)).stdout, /A run with "backend": "auto" uses wasm: the only one that can be used here/);
  });

  it('every command has --help, and train lists every setting and preset', async () => {
    for (const command of ['train', 'replay', 'doctor']) {
      const { code, stdout } = await runCli([command, '--help'], folder);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`efcp ${command}`));
      assert.match(stdout, /--json/);
    }
    const { stdout } = await runCli(['train', '--help'], folder);
    for (const name of [...knobNames, ...presetNames]) assert.ok(stdout.includes(name), name);
    assert.match((await runCli(['--help'], folder)).stdout, /efcp doctor/);
  });
});
