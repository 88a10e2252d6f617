/** Opens step snapshots from wherever a file is opened. Read-only, so a file of any size: nothing here makes a text of it. */
import * as vscode from 'vscode';
import type { LazyStudio } from './lazyStudio';
import { snapshotViewType } from './snapshotViewType';

export function registerSnapshotEditor(studio: LazyStudio): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: uri => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => { (await studio()).snapshots.fill(panel, [uri]); },
  };
  return vscode.window.registerCustomEditorProvider(snapshotViewType, provider, { supportsMultipleEditorsPerDocument: true });
}
