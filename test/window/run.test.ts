import assert from 'node:assert/strict';
import { chmodSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { panelType } from '../../src/host/panelType';
import { isAlive } from '../../src/protocol/processes';
import { readEvents, readRecord } from '../../src/protocol/runDirectory';
import { totalBytes } from '../../src/settings/stateBytes';
import { collectErrors, endAllRuns, inRestrictedMode, launch, runs, temporaryFiles, until } from './studio';

describe('window: a training run', () => {
  const errors = collectErrors();
  const write = temporaryFiles();
  afterEach(endAllRuns);

  it('starts from a preset, shows its panel and trains', async () => {
    const began = performance.now();
    const run = await launch({ preset: 'digits-mlp' });
    await until(run, state => state.latest !== undefined);
    console.log(`      first sample after ${Math.round(performance.now() - began)} ms`);
    const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
    assert.ok(tabs.some(({ label, input }) => label === run.record.name && input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelType)));
    assert.equal((await runs()).current, run);
    assert.deepEqual(errors, []);
  });

  it('applies a change, to the byte as predicted, and undoes it', async () => {
    const run = await launch({ preset: 'digits-mlp' });
    await until(run, state => state.latest !== undefined);
    const stateBytes = () => totalBytes(run.state.latest!.memory.stateBytes);
    const before = stateBytes();
    const change = await vscode.commands.executeCommand<{ revision: number; predictedDeltaBytes: number }>('efcp.changeSetting', { settings: { density: 0.0025 } });
    await until(run, state => state.changes.length === 1);
    const [applied] = run.state.changes;
    assert.equal(applied!.stateBytesAfter - applied!.stateBytesBefore, change.predictedDeltaBytes);
    await until(run, state => state.step > applied!.step + 1);
    assert.equal(stateBytes(), before + change.predictedDeltaBytes);
    await vscode.commands.executeCommand('efcp.undoChange');
    await until(run, state => state.changes.length === 2);
    assert.equal(run.state.settings.density, run.initialSettings.density);
    await until(run, state => state.step > run.state.changes[1]!.step + 1);
    assert.equal(stateBytes(), before);
    assert.deepEqual(readEvents(run.directory).events.filter(event => event.type === 'applied').map(event => event.undoes), [undefined, change.revision]);
  });

  it('refuses a change that is not allowed, and goes on', async () => {
    const run = await launch({ preset: 'digits-mlp' });
    await until(run, state => state.latest !== undefined);
    await vscode.commands.executeCommand('efcp.changeSetting', { settings: { density: 7 } });
    assert.match(errors.join('\n'), /density is 7, but must be a number from 0\.0001 to 1/);
    assert.deepEqual(run.state.pending, []);
    assert.equal(run.state.status, 'running');
  });

  it('pauses, resumes and stops, and leaves no process', async () => {
    const run = await launch({ preset: 'digits-mlp' });
    await until(run, state => state.latest !== undefined);
    await vscode.commands.executeCommand('efcp.pause');
    await until(run, state => state.status === 'paused');
    const { step } = run.state;
    await vscode.commands.executeCommand('efcp.resume');
    await until(run, state => state.step > step);
    await vscode.commands.executeCommand('efcp.stop');
    await run.ended();
    assert.equal(run.state.status, 'stopped');
    assert.equal(isAlive(readRecord(run.directory).pid!), false);
    assert.equal(readEvents(run.directory).events.at(-1)?.type, 'finished');
  });

  it('is stopped, and goes on from its checkpoint in the same directory', async () => {
    const run = await launch({ preset: 'digits-mlp' });
    await until(run, state => state.latest !== undefined);
    await vscode.commands.executeCommand('efcp.stop');
    await run.ended();
    const { step, checkpoint } = run.state;
    assert.equal(checkpoint?.step, step);
    assert.equal(await vscode.commands.executeCommand('efcp.resumeTraining', { directory: run.directory }), run.directory);
    await new Promise<void>(resolve => {
      const waiting = run.onDidChange(() => {
        if (run.state.step <= step) return;
        waiting.dispose();
        resolve();
      });
    });
    assert.equal(run.state.status, 'running');
    const { events } = readEvents(run.directory);
    assert.deepEqual(events.filter(event => event.type === 'started' || event.type === 'restored').map(event => event.type), ['started', 'restored']);
    assert.deepEqual(events.map(({ sequence }) => sequence), events.map((_, index) => index));
    assert.deepEqual(errors, []);
  });

  it('says why a run that is complete cannot go on', async () => {
    const run = await launch({ file: write('brief.efcp.json', '{"preset": "digits-mlp", "epochs": 1, "validationFraction": 0.5, "batchSize": 500}') });
    await run.ended();
    assert.equal(await vscode.commands.executeCommand('efcp.resumeTraining', { directory: run.directory }), undefined);
    assert.match(errors.join('\n'), /cannot be resumed\. The run has completed its 1 epoch\./);
  });

  it('completes, and opens again as it was', async () => {
    const run = await launch({ file: write('short.efcp.json', '// short\n{"preset": "digits-mlp", "name": "Short", "epochs": 1, "validationFraction": 0.5, "batchSize": 500}') });
    await run.ended();
    assert.equal(run.record.name, 'Short');
    assert.equal(run.state.status, 'completed');
    assert.equal(isAlive(readRecord(run.directory).pid!), false);
    await vscode.commands.executeCommand('efcp.openRun', { directory: run.directory });
    assert.equal((await runs()).current, run);
  });
});

describe('window: a run that cannot be', () => {
  const errors = collectErrors();
  const write = temporaryFiles();
  afterEach(endAllRuns);
  const start = (argument: object) => vscode.commands.executeCommand<string | undefined>('efcp.launch', argument);

  it('is refused when the file is missing', async () => {
    assert.equal(await start({ file: '/nowhere/missing.efcp.json' }), undefined);
    assert.match(errors.join('\n'), /\/nowhere\/missing\.efcp\.json cannot be read.*Choose another file/);
  });

  it('is refused when the preset is unknown', async () => {
    assert.equal(await start({ preset: 'digit' }), undefined);
    assert.match(errors.join('\n'), /"digit".*digits-mlp, digits-convnet/);
  });

  it('is refused at the place of the first problem, which is shown', async () => {
    const file = write('bad.efcp.json', '{\n  "preset": "digits-mlp",\n  "window": 0\n}');
    assert.equal(await start({ file }), undefined);
    assert.match(errors.join('\n'), /bad\.efcp\.json:3:3: window is 0, but must be a whole number from 1 to 1024/);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, file.fsPath);
    assert.deepEqual([editor.selection.start.line, editor.selection.start.character], [2, 2]);
    const root = path.join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, '.efcp/runs');
    const refused = readdirSync(root).map(name => path.join(root, name)).find(directory => readRecord(directory).source.name === file.fsPath);
    assert.ok(refused !== undefined, 'the refusal left a run directory');
    const [event] = readEvents(refused).events;
    assert.ok(event?.type === 'finished' && event.reason === 'failed');
    assert.match(event.message ?? '', /window is 0/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is refused in Restricted Mode, where recorded runs still open', async () => {
    const recorded = await launch({ preset: 'digits-mlp' });
    await endAllRuns();
    await inRestrictedMode(async () => {
      assert.equal(await start({ preset: 'digits-mlp' }), undefined);
      assert.match(errors.join('\n'), /Restricted Mode.*Trust the workspace/);
      assert.equal(await vscode.commands.executeCommand('efcp.resumeTraining', { directory: recorded.directory }), undefined);
      assert.match(errors[1] ?? '', /Resuming is off in Restricted Mode/);
      await vscode.commands.executeCommand('efcp.openRun', { directory: recorded.directory });
      assert.equal(errors.length, 2);
    });
  });

  describe('because of efcp.nodePath', () => {
    const set = (value: string | undefined) => vscode.workspace.getConfiguration('efcp').update('nodePath', value, vscode.ConfigurationTarget.Global);
    afterEach(() => set(undefined));

    it('is refused when the program is missing', async () => {
      await set('/nowhere/node');
      assert.equal(await start({ preset: 'digits-mlp' }), undefined);
      assert.match(errors.join('\n'), /efcp\.nodePath is "\/nowhere\/node".*no such file.*Correct the setting/);
    });

    it('fails with a clear message and a readable directory when the trainer crashes at once', async function () {
      if (process.platform === 'win32') this.skip();
      const program = write('node', '#!/bin/sh\n[ "$1" = -p ] && { printf "%s\\nv20.0.0\\n" "$0"; exit; }\necho "no such instruction" >&2\nexit 5\n');
      chmodSync(program.fsPath, 0o755);
      await set(program.fsPath);
      const run = await launch({ preset: 'digits-mlp' });
      await run.ended();
      for (const part of ['exit code 5', 'no such instruction', program.fsPath, 'efcp.nodePath']) assert.ok(errors.join('\n').includes(part), `${part} is missing in: ${errors.join('\n')}`);
      assert.deepEqual(readdirSync(run.directory).sort(), ['events.jsonl', 'run.json', 'trainer.log']);
      const [event] = readEvents(run.directory).events;
      assert.equal(event?.type === 'finished' && event.reason, 'failed');
      assert.equal(path.basename(run.directory), run.record.id);
    });
  });
});
