import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { openSource } from '../../src/host/sourceLine';
import { comparisonViewType, snapshotViewType } from '../../src/host/snapshotViewType';
import { peakOf } from '../../src/protocol/snapshot/peak';
import { decodeSnapshot } from '../../src/protocol/snapshot/decodeSnapshot';
import { encodeSnapshot } from '../../src/protocol/snapshot/encodeSnapshot';
import { listSnapshots } from '../../src/protocol/snapshotFiles';
import { networkSnapshot } from '../support/networkSnapshot';
import { collectErrors, endAllRuns, eventually, launch, temporaryFiles, until } from './studio';

const tabs = () => vscode.window.tabGroups.all.flatMap(group => group.tabs);
/** The file that an editor of snapshots shows. */
const shown = () => tabs().flatMap(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === snapshotViewType ? [input.uri.fsPath] : []);

describe('window: step snapshots', () => {
  const errors = collectErrors();
  const write = temporaryFiles();
  afterEach(endAllRuns);
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  const snapshotFile = (name: string, batch: number) => {
    const file = write(name, '');
    writeFileSync(file.fsPath, encodeSnapshot(networkSnapshot({ batch })));
    return file;
  };

  it('are opened in a view of their own, from wherever a file is opened', async () => {
    const file = snapshotFile('step-00000012.efcpsnap', 100);
    await vscode.commands.executeCommand('vscode.open', file);
    await eventually(() => shown().includes(file.fsPath) || undefined);
    assert.deepEqual(errors, []);
  });

  it('are recorded on demand, kept with the run, and shown', async () => {
    const run = await launch({ preset: 'digits-mlp' });
    await until(run, ({ latest }) => latest !== undefined);
    const file = await vscode.commands.executeCommand<string>('efcp.takeSnapshot');
    await eventually(() => shown().includes(file) || undefined);
    const taken = run.state.snapshots.find(({ reason }) => reason === 'asked')!;
    assert.ok(listSnapshots(run.directory).some(({ path }) => path === file));
    const snapshot = decodeSnapshot(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
    assert.equal(peakOf(snapshot).total, taken.peakBytes);
    run.stop();
    await run.ended();
    assert.equal(await vscode.commands.executeCommand('efcp.takeSnapshot'), undefined);
    assert.match(errors.join(), /is over: no step of it can be recorded any more/);
  });

  it('are compared in a panel', async () => {
    const [before, after] = [snapshotFile('before.efcpsnap', 50), snapshotFile('after.efcpsnap', 100)];
    assert.deepEqual(await vscode.commands.executeCommand('efcp.compareSnapshots', { before: before.fsPath, after: after.fsPath }), [before.fsPath, after.fsPath]);
    await eventually(() => tabs().find(({ label, input }) => label === 'before ↔ after' && input instanceof vscode.TabInputWebview && input.viewType.endsWith(comparisonViewType)));
    assert.deepEqual(errors, []);
  });

  it('lead to the line that made a buffer, beside the view; what is gone is said', async () => {
    const code = write('model.js', 'one\ntwo\nthree\n');
    await openSource(`${code.fsPath}:3`, []);
    const editor = await eventually(() => vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === code.fsPath));
    assert.equal(editor.selection.active.line, 2);
    const warnings: string[] = [];
    const { showWarningMessage } = vscode.window;
    Object.assign(vscode.window, { showWarningMessage: (message: string) => { warnings.push(message); return Promise.resolve(undefined); } });
    try {
      await openSource('gone/model.js:3', []);
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
    }
    assert.match(warnings.join(), /gone\/model\.js is not there any more/);
  });
});
