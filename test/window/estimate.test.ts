/** Above a run file: what it will take, as the text and the module that it names stand; the whole of it on a click; nothing of it in Restricted Mode. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { first, lensesOf, titlesOf } from './lenses';
import { collectErrors, eventually, extension, inRestrictedMode, temporaryFiles } from './studio';

const figures = /^[\d.,]+ [KMG]iB at the peak, in the \w+( pass)? · optimizer state [\d.,]+ [KM]?i?B/;

/** A module of the user's with a model of one hidden layer. */
function moduleOf(units: number): string {
  return `export function createModel(tf) {
    const { dense, flatten } = tf.layers;
    const model = tf.sequential({ layers: [flatten({ inputShape: [28, 28, 1] }), dense({ units: ${units}, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })] });
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    return model;
  }`;
}

async function replace(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
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

  it('says why where it cannot be said', async () => {
    const file = write('lost.efcp.json', '{"model": "module", "module": "./nowhere.mjs"}');
    await vscode.window.showTextDocument(file);
    assert.match(await first(file, /cannot/), /^cannot be estimated: module is ".*nowhere\.mjs", where there is no file\. Correct the path/);
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
    const page = await pageOf('whole');
    assert.match(page.getText(), /# Estimate of whole\.efcp\.json[\s\S]*stored at most[\s\S]*\| Optimizer state \| [\s\S]*\| \*\*All\*\*/);
    await eventually(() => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ input }) => input instanceof vscode.TabInputWebview));
  });

  it('is of the module as it was saved last', async () => {
    const module = write('own.mjs', moduleOf(20));
    const file = write('own.efcp.json', '{"model": "module", "module": "./own.mjs", "optimizer": "adamw"}');
    await vscode.window.showTextDocument(file);
    const state = (units: number) => 8 * (784 * units + units + 10 * units + 10) / 1024;
    await first(file, new RegExp(`optimizer state ${state(20).toFixed(0)} KiB`));
    const { document } = await vscode.window.showTextDocument(module);
    await replace(document, moduleOf(30));
    await document.save();
    await first(file, new RegExp(`optimizer state ${state(30).toFixed(0)} KiB`));
  });

  it('follows into a problem on its page, and out of it', async () => {
    const file = write('page.efcp.json', '{"preset": "digits-mlp"}');
    const { document } = await vscode.window.showTextDocument(file);
    await first(file, figures);
    await vscode.commands.executeCommand('efcp.showEstimate', file);
    const page = await pageOf('page');
    const says = (words: RegExp) => eventually(() => words.test(page.getText()) || undefined);
    await replace(document, '{"preset": "digits-mlp", "window": 0}');
    await titlesOf(file);
    await says(/^page\.efcp\.json cannot be estimated while there are problems in it\.$/);
    await replace(document, '{"preset": "digits-mlp", "window": 8}');
    await first(file, figures);
    await says(/# Estimate of page\.efcp\.json/);
  });

  it('runs nothing in Restricted Mode, says so, and does once the workspace is trusted', async () => {
    const ran = write('ran.txt', 'no').fsPath;
    write('own.mjs', `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(ran)}, 'yes');\n${moduleOf(20)}`);
    const file = write('untrusted.efcp.json', '{"model": "module", "module": "./own.mjs"}');
    await vscode.window.showTextDocument(file);
    await inRestrictedMode(async () => {
      const [said, launch] = await lensesOf(file);
      assert.deepEqual([said?.command?.title, said?.command?.command, launch?.command?.title], ['not estimated in Restricted Mode', 'workbench.trust.manage', 'Launch']);
      await vscode.commands.executeCommand('efcp.showEstimate', file);
      await vscode.commands.executeCommand('efcp.plan', file);
      assert.equal(errors.length, 2);
      assert.match(errors.splice(0).join('\n'), /^Estimating is off in Restricted Mode, because it runs the model\. Trust the workspace to estimate.*\nPlanning is off in Restricted Mode/);
      await new Promise(resolve => setTimeout(resolve, 300));
      assert.equal(readFileSync(ran, 'utf8'), 'no');
    });
    await first(file, figures);
    assert.equal(readFileSync(ran, 'utf8'), 'yes');
  });
});

/** That of earlier tests may still be there. */
function pageOf(name: string): Promise<vscode.TextDocument> {
  return eventually(() => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'efcp-estimate' && uri.path === `/${name} estimate.md`));
}
