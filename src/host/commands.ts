/** Registers the commands; what they do is loaded with the studio. */
import * as vscode from 'vscode';
import { commandIds, type CommandId } from './commandIds';
import type { LazyStudio } from './lazyStudio';

export function registerCommands(studio: LazyStudio, log: vscode.LogOutputChannel): vscode.Disposable {
  const run = async (id: CommandId, argument: unknown): Promise<unknown> => {
    try {
      return await (await studio()).actions[id](argument);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error(`${id}: ${message}`);
      void vscode.window.showErrorMessage(message);
      return undefined;
    }
  };
  return vscode.Disposable.from(...commandIds.map(id => vscode.commands.registerCommand(id, (argument: unknown) => run(id, argument))));
}
