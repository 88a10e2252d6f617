/** Running code needs a trusted workspace; and how the editor says that something was refused, with a way out. */
import * as vscode from 'vscode';

/** False, and said so, in Restricted Mode. `what` begins a sentence. */
export function mayRun(what: 'Launching' | 'Resuming'): boolean {
  if (vscode.workspace.isTrusted) return true;
  const verb = what === 'Launching' ? 'launch' : 'resume';
  refuse(`${what} is off in Restricted Mode, because a run executes code. Trust the workspace to ${verb}; recorded runs open without it.`, 'Manage Trust', 'workbench.trust.manage');
  return false;
}

export function refuse(message: string, button: string, command: string, ...args: readonly string[]): void {
  void vscode.window.showErrorMessage(message, button).then(chosen => chosen && vscode.commands.executeCommand(command, ...args));
}
