/** Running code needs a trusted workspace; and how the editor says that something was refused, with a way out. */
import * as vscode from 'vscode';

/** What may be asked for, what one does then, and why that needs trust. */
const actions = {
  Launching: ['launch', 'a run executes code'],
  Resuming: ['resume', 'a run executes code'],
  Installing: ['install', 'it runs npm, Python and a compiler'],
  Removing: ['remove', 'it runs the command line'],
  Fetching: ['fetch', 'it runs the command line'],
  Estimating: ['estimate', 'it runs the model'],
  Planning: ['plan', 'it runs the model'],
} as const;

/** False, and said so, in Restricted Mode. `what` begins a sentence. */
export function mayRun(what: keyof typeof actions): boolean {
  if (vscode.workspace.isTrusted) return true;
  const [verb, reason] = actions[what];
  refuse(`${what} is off in Restricted Mode, because ${reason}. Trust the workspace to ${verb}; recorded runs open without it.`, 'Manage Trust', 'workbench.trust.manage');
  return false;
}

export function refuse(message: string, button: string, command: string, ...args: readonly string[]): void {
  void vscode.window.showErrorMessage(message, button).then(chosen => chosen && vscode.commands.executeCommand(command, ...args));
}
