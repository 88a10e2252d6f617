/** What every command does. Commands without an argument act on the current run. */
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { applyFix } from './applyFix';
import { pickChange } from './changePicker';
import type { CommandId } from './commandIds';
import { fetchDataSet } from './dataFetcher';
import type { EstimateDocuments } from './estimateDocument';
import { exportRun } from './exportRun';
import { launch } from './launch';
import type { RunPanels } from './panels';
import { planMemory } from './planCommand';
import type { Planner } from './planner';
import type { Run } from './run';
import { resumeTraining } from './resumeTraining';
import { installRuntime, type RuntimePrograms } from './runtimeInstaller';
import { removeRuntime } from './runtimeRemover';
import { pickRun, toExport, toOpen, toResume } from './runPicker';
import type { Runs } from './runs';
import { createSnapshotActions } from './snapshotActions';
import type { SnapshotViews } from './snapshotViews';
import { trainerLogOf } from './trainerLog';
import type { WayOn } from './trainerProcess';

export type Actions = Readonly<Record<CommandId, (argument: unknown) => unknown>>;

export interface ActionContext {
  readonly runs: Runs;
  readonly panels: RunPanels;
  readonly snapshots: SnapshotViews;
  readonly log: vscode.LogOutputChannel;
  /** The folders that hold run directories. */
  readonly runsRoots: () => readonly string[];
  readonly runtimePrograms: RuntimePrograms;
  readonly planner: Planner;
  readonly estimates: EstimateDocuments;
}

export function createActions({ runs, panels, snapshots, log, runsRoots, runtimePrograms, planner, estimates }: ActionContext): Actions {
  return {
    'efcp.launch': argument => launch(runs, panels, argument),
    'efcp.launchFile': argument => launch(runs, panels, argument ?? vscode.window.activeTextEditor?.document.uri),
    'efcp.pause': () => currentOf(runs).pause(),
    'efcp.resume': () => currentOf(runs).resume(),
    'efcp.stop': () => currentOf(runs).stop(),
    'efcp.restart': async argument => {
      const run = await runs.restart(currentOf(runs), wayOnIn(argument));
      panels.show(run);
      return run.directory;
    },
    'efcp.resumeTraining': argument => resumeTraining(runs, panels, async () => textIn(argument, 'directory') ?? await pickRun(runsRoots(), toResume), wayOnIn(argument)),
    'efcp.applyFix': async argument => {
      const directory = textIn(argument, 'directory');
      const { sequence } = (argument ?? {}) as { readonly sequence?: number };
      const run = await applyFix(runs, directory === undefined ? currentOf(runs) : await runs.open(directory), sequence);
      panels.show(run);
      return run.directory;
    },
    'efcp.changeSetting': async argument => {
      const run = currentOf(runs);
      const settings = (argument as { readonly settings?: unknown } | undefined)?.settings ?? await pickChange(run);
      return settings && run.change(settings);
    },
    'efcp.undoChange': () => {
      const undone = currentOf(runs).undoLast();
      if (undone === undefined) throw new Error('There is no change to undo. Change a setting of the run first.');
      return undone;
    },
    'efcp.openRun': async argument => {
      const directory = textIn(argument, 'directory') ?? await pickRun(runsRoots(), toOpen);
      if (directory === undefined) return;
      const run = await runs.open(directory);
      await run.hasTrainer();
      runs.setCurrent(run);
      panels.show(run);
    },
    'efcp.showPanel': () => panels.show(currentOf(runs)),
    'efcp.openLog': () => openLog(runs.current, log),
    'efcp.installRuntime': argument => installRuntime(runtimePrograms, argument),
    'efcp.removeRuntime': argument => removeRuntime(runtimePrograms, argument),
    'efcp.fetchData': argument => fetchDataSet(runtimePrograms, argument),
    ...createSnapshotActions({ views: snapshots, runsRoots, runOf: async directory => directory === undefined ? currentOf(runs) : runs.open(directory) }),
    'efcp.showEstimate': argument => estimates.show(argument),
    'efcp.plan': argument => planMemory(planner, runs, panels, argument),
    'efcp.exportRun': argument => exportRun(runtimePrograms, argument, async () => runs.current?.directory ?? await pickRun(runsRoots(), toExport)),
  };
}

function wayOnIn(argument: unknown): WayOn {
  const backend = textIn(argument, 'backend');
  const settings = (argument as { readonly settings?: WayOn['settings'] } | undefined)?.settings;
  return { ...(backend === undefined ? {} : { backend }), ...(settings === undefined ? {} : { settings }) };
}

/** What commands, keybindings and tests name in an argument: the directory of a run, a backend. */
function textIn(argument: unknown, field: 'directory' | 'backend'): string | undefined {
  const given = (argument as Readonly<Record<string, unknown>> | undefined)?.[field];
  return typeof given === 'string' ? given : undefined;
}

function currentOf(runs: Runs): Run {
  if (runs.current === undefined) throw new Error('There is no run in this window. Launch one, or open one, first.');
  return runs.current;
}

/** What the trainer printed; where it printed nothing, what the editor's side did. */
async function openLog(run: Run | undefined, log: vscode.LogOutputChannel): Promise<void> {
  const file = run && trainerLogOf(run.directory);
  const size = file === undefined ? 0 : await stat(file).then(found => found.size, () => 0);
  if (file === undefined || size === 0) log.show();
  else await vscode.window.showTextDocument(vscode.Uri.file(file));
}
