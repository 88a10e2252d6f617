import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeExample } from '../support/recordedExample';
import { collectErrors, eventually } from './studio';

describe('window: exporting a run', () => {
  const errors = collectErrors();
  const informed: string[] = [];
  let folder: string;
  let original: Partial<typeof vscode.window>;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-export-'));
    writeExample(path.join(folder, 'run'));
    informed.length = 0;
    const { showInformationMessage, showSaveDialog, showQuickPick } = vscode.window;
    original = { showInformationMessage, showSaveDialog, showQuickPick };
    Object.assign(vscode.window, { showInformationMessage: (message: string, ...buttons: readonly string[]) => { informed.push(message); return Promise.resolve(buttons.find(button => button === 'Open')); } });
  });
  afterEach(async () => {
    Object.assign(vscode.window, original);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true, force: true });
  });
  const exported = (argument: object) => vscode.commands.executeCommand<readonly string[] | undefined>('efcp.exportRun', { directory: path.join(folder, 'run'), ...argument });
  /** Open editors by the path of what they show, custom ones too. */
  const openFiles = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).flatMap(({ input }) => input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? [input.uri.fsPath] : []);

  it('asks into what and where, and a heap profile opens in the viewer of the editor', async () => {
    const target = path.join(folder, 'peak.heapprofile');
    const asked: string[] = [];
    Object.assign(vscode.window, {
      showQuickPick: (items: readonly vscode.QuickPickItem[]) => { asked.push(...items.map(({ label }) => label)); return Promise.resolve(items.find(({ label }) => label === 'Heap profile')); },
      showSaveDialog: ({ defaultUri }: vscode.SaveDialogOptions) => { asked.push(path.basename(defaultUri!.fsPath)); return Promise.resolve(vscode.Uri.file(target)); },
    });
    assert.deepEqual(await exported({}), [target]);
    assert.deepEqual(asked, ['TensorBoard', 'CSV', 'JSON Lines', 'Perfetto', 'Trace events (JSON)', 'Heap profile', 'SVG', 'PNG', 'Markdown report', 'Everything', 'run-peak.heapprofile']);
    assert.match(informed.join(), /^Exported peak\.heapprofile \(/);
    await eventually(() => openFiles().includes(target) || undefined);
    assert.deepEqual(errors, []);
  });

  it('writes a folder of everything, and asks before it replaces any of it', async () => {
    const out = path.join(folder, 'out');
    const files = await exported({ format: 'all', out });
    assert.ok(files !== undefined && files.length > 30 && files.every(file => file.startsWith(out) && existsSync(file)));
    assert.match(informed.join(), /^Exported \d+ files in /);
    await eventually(() => openFiles().some(file => file.endsWith('report.md')) || undefined);
    assert.equal(await exported({ format: 'csv', out: path.join(out, 'samples.csv') }), undefined);
    assert.match(errors.join(), /samples\.csv is there already\. Replace it\?/);
  });

  it('a chart of the panel becomes the drawing that is asked for', async () => {
    const target = path.join(folder, 'loss.svg');
    Object.assign(vscode.window, { showSaveDialog: () => Promise.resolve(vscode.Uri.file(target)) });
    assert.deepEqual(await exported({ format: 'svg', chart: 'loss' }), [target]);
    assert.match(readFileSync(target, 'utf8'), /^<svg .*<title id="title">Loss/s);
  });

  it('does nothing where it is not told what, and says what cannot be exported', async () => {
    Object.assign(vscode.window, { showQuickPick: () => Promise.resolve(undefined) });
    assert.equal(await exported({}), undefined);
    assert.equal(await exported({ directory: path.join(folder, 'nothing'), format: 'csv', out: path.join(folder, 'a.csv') }), undefined);
    assert.match(errors.join(), /The export failed: .*nothing is not a run directory/);
  });
});
