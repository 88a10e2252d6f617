/** Lets a run that has ended go on from its newest checkpoint, for the user: asks which, refuses clearly, shows the panel. */
import { NodePathError } from './nodePath';
import type { RunPanels } from './panels';
import type { Runs } from './runs';
import type { WayOn } from './trainerProcess';
import { mayRun, refuse } from './trust';

/** `wayOn`, where given, says what shall be another than the run's own. Resolves to the run's directory; undefined when nothing was resumed. */
export async function resumeTraining(runs: Runs, panels: RunPanels, which: () => Promise<string | undefined>, wayOn?: WayOn): Promise<string | undefined> {
  if (!mayRun('Resuming')) return undefined;
  const directory = await which();
  if (directory === undefined) return undefined;
  const run = await runs.open(directory);
  try {
    await runs.resume(run, wayOn);
  } catch (error) {
    if (!(error instanceof NodePathError)) throw error;
    refuse(error.message, 'Open Setting', 'workbench.action.openSettings', 'efcp.nodePath');
    return undefined;
  }
  panels.show(run);
  return run.directory;
}
