/** Above a run file: what it will take, as the text stands; the whole of it on a click; a plan that is written into the file. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { collectErrors, eventually, extension, temporaryFiles } from './studio';

const lensesOf = (file: vscode.Uri) => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file, 10);
const titlesOf = async (file: vscode.Uri) => (await lensesOf(file)).map(({ command }) => command?.title ?? '');
const figures = /^[\d.,]+ [KMG]iB at the peak, in the \w+( pass)? · optimizer state [\d.,]+ [KM]?i?B/;

async function replace(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
}

/** Asks the provider again, as the editor does after every change, until the first line says this. */
async function first(file: vscode.Uri, says: RegExp): Promise<string> {
  for (;;) {
    const [title = ''] = await titlesOf(file);
    if (says.test(title)) return title;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

describe('window: what a run file will take', function () {
  this.timeout(60_000);
  const write = temporaryFiles();
  const errors = collectErrors();
  before(async () => { await extension.activate(); });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(errors, []);
  });

  it('stands above it, with what can be done, and follows the text', async () => {
    const file = write('small.efcp.json', '{\n  // the digits\n  "preset": "digits-mlp"\n}');
    const { document } = await vscode.window.showTextDocument(file);
    const before = await first(file, figures);
    assert.deepEqual((await titlesOf(file)).slice(1), ['Launch', 'Plan…']);
    await replace(document, '{\n  // the digits\n  "preset": "digits-mlp", "optimizer": "sgd", "momentum": 0\n}');
    const after = await first(file, /optimizer state 0 B/);
    assert.notEqual(after, before);
  });

  it('says nothing of a file with problems, beyond marking them', async () => {
    const file = write('bad.efcp.json', '{"density": 7}');
    await vscode.window.showTextDocument(file);
    assert.deepEqual(await titlesOf(file), ['Launch', 'Plan…']);
  });

  it('is off where the setting is', async () => {
    const file = write('off.efcp.json', '{"preset": "digits-mlp"}');
    await vscode.window.showTextDocument(file);
    const setting = vscode.workspace.getConfiguration('efcp');
    await setting.update('codeLens', false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await titlesOf(file), []);
    await setting.update('codeLens', undefined, vscode.ConfigurationTarget.Global);
    await first(file, figures);
  });

  it('is shown whole on a click', async () => {
    const file = write('whole.efcp.json', '{"preset": "digits-mlp"}');
    await vscode.window.showTextDocument(file);
    await first(file, figures);
    const [lens] = await lensesOf(file);
    await vscode.commands.executeCommand(lens!.command!.command, file);
    const page = await eventually(() => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'efcp-estimate'));
    assert.match(page.getText(), /# Estimate of whole\.efcp\.json[\s\S]*stored at most[\s\S]*\| Optimizer state \| [\s\S]*\| \*\*All\*\*/);
    await eventually(() => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ input }) => input instanceof vscode.TabInputWebview));
  });

  it('is planned, and what is chosen is written into the file with its comments kept', async () => {
    const file = write('plan.efcp.json', '{\n  // the digits\n  "preset": "digits-mlp",\n  "memory": {\n    // small ones\n    "microbatch": 64\n  }\n}\n');
    const { document } = await vscode.window.showTextDocument(file);
    const { window } = vscode;
    const { showInputBox, showQuickPick } = window;
    const asked: string[] = [];
    Object.assign(window, {
      showInputBox: (options: vscode.InputBoxOptions) => {
        asked.push(options.title ?? '', JSON.stringify(options.validateInput?.('much')), JSON.stringify(options.validateInput?.('20') ?? 'fine'));
        return Promise.resolve('');
      },
      showQuickPick: (items: readonly (vscode.QuickPickItem & { point?: { changes: object; words: string } })[]) => {
        asked.push(items.map(({ label }) => label).join('|'));
        return Promise.resolve(items.find(({ point }) => point === undefined ? false : Object.keys(point.changes).length > 0) ?? items[1]);
      },
    });
    try {
      const applied = await vscode.commands.executeCommand<string>('efcp.plan', file);
      assert.match(asked[0]!, /^Plan Memory of plan\.efcp\.json$/);
      assert.match(asked[1]!, /The budget is .*much.*, but must be a number of MB above 0/);
      assert.equal(asked[2], '"fine"');
      assert.match(asked[4]!, /\d MB/);
      assert.ok(applied.length > 0);
      const text = document.getText();
      assert.match(text, /\/\/ the digits[\s\S]*\/\/ small ones/);
      assert.notEqual(text, '{\n  // the digits\n  "preset": "digits-mlp",\n  "memory": {\n    // small ones\n    "microbatch": 64\n  }\n}\n');
      await first(file, figures);
    } finally {
      Object.assign(window, { showInputBox, showQuickPick });
    }
  });
});
