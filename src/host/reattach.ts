/** Remembers which runs go on, and attaches to them again after the window was reloaded. */
import type * as vscode from 'vscode';
import { isOver } from '../protocol/runState';
import type { Disposable } from './disposable';
import type { LazyStudio } from './lazyStudio';
import type { Runs } from './runs';

const liveRunsKey = 'efcp.liveRuns';

function remembered(memory: vscode.Memento): readonly string[] {
  return memory.get<readonly string[]>(liveRunsKey, []);
}

async function forget(memory: vscode.Memento, directory: string): Promise<void> {
  await memory.update(liveRunsKey, remembered(memory).filter(other => other !== directory));
}

export function rememberLiveRuns(runs: Runs, memory: vscode.Memento): Disposable {
  return runs.onDidChange(({ directory, state }) => {
    const known = remembered(memory);
    if (known.includes(directory) !== isOver(state.status)) return;
    if (isOver(state.status)) void forget(memory, directory);
    else void memory.update(liveRunsKey, [...known, directory]);
  });
}

/** Costs nothing where no run went on. A run that ended meanwhile, or whose directory is gone, is forgotten. */
export async function reattachLiveRuns(studio: LazyStudio, memory: vscode.Memento, log: vscode.LogOutputChannel): Promise<void> {
  for (const directory of remembered(memory)) {
    try {
      const run = await (await studio()).runs.open(directory);
      if (isOver(run.state.status)) await forget(memory, directory);
    } catch (error) {
      log.warn(`A run that went on is not there any more: ${error instanceof Error ? error.message : String(error)}`);
      await forget(memory, directory);
    }
  }
}
