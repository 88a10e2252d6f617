import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, extension, temporaryFiles } from './studio';

const ours = (file: vscode.Uri) => vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'EFCP');

async function replace(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
}

describe('window: what is wrong with a run file', () => {
  const write = temporaryFiles();
  before(async () => { await extension.activate(); });
  afterEach(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  const files = [
    { it: 'malformed JSON', text: '{\n  "density": 0.1,,\n}', line: 2, column: 18, says: /Malformed JSON/ },
    { it: 'an unknown setting', text: '{\n  // a slip\n  "densty": 0.1\n}', line: 3, column: 3, says: /"densty" is not a setting\. Did you mean "density"\?/ },
    { it: 'a value out of range', text: '{\n  "preset": "digits-mlp", "density": 7\n}', line: 2, column: 27, says: /density is 7, but must be a number from 0\.0001 to 1\..*default 0\.01/ },
    { it: 'an unknown preset', text: '{"preset": "digit"}', line: 1, column: 2, says: /digits-mlp, digits-convnet/ },
    { it: 'an empty file', text: '', line: 1, column: 1, says: /empty/ },
  ];
  for (const { it: what, text, line, column, says } of files) {
    it(`is marked at its place: ${what}`, async () => {
      const file = write('bad.efcp.json', text);
      await vscode.window.showTextDocument(file);
      const [diagnostic] = await eventually(() => ours(file).length > 0 ? ours(file) : undefined);
      assert.deepEqual([diagnostic!.range.start.line + 1, diagnostic!.range.start.character + 1], [line, column]);
      assert.match(diagnostic!.message, says);
      assert.equal(diagnostic!.severity, vscode.DiagnosticSeverity.Error);
    });
  }

  it('is marked while it is typed, and no longer when it is repaired', async () => {
    const file = write('typed.efcp.json', '{"density": 0.5}');
    const { document } = await vscode.window.showTextDocument(file);
    await replace(document, '{"density": 5}');
    await eventually(() => ours(file).length > 0 || undefined);
    await replace(document, '{"density": 0.25}');
    await eventually(() => ours(file).length === 0 || undefined);
  });

  it('is JSON with comments', async () => {
    const { languageId } = await vscode.workspace.openTextDocument(write('plain.efcp.json', '{}'));
    assert.equal(languageId, 'jsonc');
  });
});
