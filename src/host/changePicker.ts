/** Asks for a new value of one of the settings that can change while the run goes on, and says what it will cost. */
import * as vscode from 'vscode';
import { isLive, isUsedBy, knob, knobNames, type LiveKnobName } from '../settings/knobs';
import { allowed } from '../settings/validate';
import { requestChange } from './changes';
import { formatByteChange } from '../protocol/format';
import type { Run } from './run';

export async function pickChange(run: Run): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { settings } = run.state;
  const names = knobNames.filter(name => isLive(name)).filter(name => isUsedBy(name, settings.optimizer));
  const picked = await vscode.window.showQuickPick(
    names.map(name => ({ label: knob(name).label, description: String(settings[name]), detail: knob(name).help, name })),
    { title: `Change Setting of ${run.record.name}`, placeHolder: 'Which setting?', matchOnDetail: true },
  );
  return picked && askValue(run, picked.name);
}

async function askValue(run: Run, name: LiveKnobName): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await vscode.window.showInputBox({
    title: knob(name).label,
    value: String(run.state.settings[name]),
    validateInput: typed => judge(run, name, valueOf(typed)),
  });
  return text === undefined ? undefined : { [name]: valueOf(text) };
}

/** The number, or what was typed where that is none: the table of settings says what is wrong with it. */
function valueOf(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

function judge(run: Run, name: LiveKnobName, value: number | string): vscode.InputBoxValidationMessage | string {
  try {
    const { predictedDeltaBytes } = requestChange(run.state, { [name]: value });
    return { message: `Optimizer state: ${formatByteChange(predictedDeltaBytes)}. Allowed: ${allowed(knob(name))}.`, severity: vscode.InputBoxValidationSeverity.Info };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
