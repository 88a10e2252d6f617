/** Lets panels survive a reload of the window. */
import * as vscode from 'vscode';
import type { LazyStudio } from './lazyStudio';
import { panelType } from './panelType';

export function registerPanelSerializer(studio: LazyStudio): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(panelType, {
    deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) => (await studio()).panels.restore(panel, state),
  });
}
