/** What a plan is made for, and how a point of it is applied there: the text of a run file, or a run. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Plan, PlanPoint } from '../protocol/plan';
import { pointForecast } from '../protocol/pointForecast';
import { isOver } from '../protocol/runState';
import { withSettings } from '../settings/editRunFile';
import { isLive, knob, type KnobName, type Settings } from '../settings/knobs';
import { settingsOf } from './fileEstimates';
import type { RunPanels } from './panels';
import type { Run } from './run';
import { runFileEnding } from './runPlan';
import { settingsInUse } from './runForecasts';
import type { Runs } from './runs';

export interface PlanTarget {
  readonly name: string;
  readonly settings: Settings;
  apply(point: PlanPoint, plan: Plan): Promise<void>;
}

/** The file that is named or edited, or else the current run. */
export async function planTarget(argument: unknown, runs: Runs, panels: RunPanels): Promise<PlanTarget> {
  const edited = vscode.window.activeTextEditor?.document.uri;
  const file = argument instanceof vscode.Uri ? argument : edited?.path.endsWith(runFileEnding) === true ? edited : undefined;
  if (file !== undefined) return fileTarget(await vscode.workspace.openTextDocument(file));
  if (runs.current === undefined) throw new Error('There is nothing to plan for. Open a *.efcp.json file, or launch a run, first.');
  return runTarget(runs.current, runs, panels);
}

function fileTarget(document: vscode.TextDocument): PlanTarget {
  const settings = settingsOf(document);
  const name = path.basename(document.uri.path);
  if (settings === undefined) throw new Error(`${name} has problems, which are marked in it. Correct them before memory can be planned.`);
  return {
    name, settings,
    apply: async ({ changes }) => {
      const edit = new vscode.WorkspaceEdit();
      const text = document.getText();
      edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), withSettings(text, changes));
      if (!await vscode.workspace.applyEdit(edit)) throw new Error(`${name} could not be changed. Close what else holds it, and apply again.`);
      await vscode.window.showTextDocument(document);
    },
  };
}

function runTarget(run: Run, runs: Runs, panels: RunPanels): PlanTarget {
  return {
    name: run.record.name, settings: settingsInUse(run.state),
    apply: async (point, plan) => {
      const fixed = (Object.keys(point.changes) as KnobName[]).filter(name => !isLive(name));
      if (fixed.length === 0 && !isOver(run.state.status)) {
        run.change(point.changes, pointForecast(point, plan, run.state.stretches.at(-1)));
        panels.show(run);
        return;
      }
      const why = isOver(run.state.status) ? 'The run is over' : `The ${fixed.map(name => knob(name).label.toLowerCase()).join(' and ')} of a run cannot change while it goes on`;
      const start = 'Start New Run';
      const ends = isOver(run.state.status) ? 'This starts' : 'This ends it and starts';
      const chosen = await vscode.window.showWarningMessage(`${why}. ${ends} a new run with ${point.words}.`, { modal: true }, start);
      if (chosen === start) panels.show(await runs.restart(run, { ...run.state.settings, ...point.changes }));
    },
  };
}
