/** Asks for a new value of one of the settings that can change while the run goes on, and says what it will cost. */
import * as vscode from 'vscode';
import { optionsWithin } from '../settings/devicePlacement';
import type { ChoiceKnob, Knob } from '../settings/knob';
import { isLive, isUsedBy, knob, knobNames, type LiveKnobName } from '../settings/knobs';
import { allowed } from '../settings/knobSchema';
import { requestChange } from './changes';
import { formatByteChange } from '../protocol/format';
import type { Run } from './run';

type Change = Readonly<Record<string, unknown>>;

export async function pickChange(run: Run): Promise<Change | undefined> {
  const { settings } = run.state;
  const names = knobNames.filter(name => isLive(name)).filter(name => isUsedBy(name, settings.optimizer));
  const picked = await vscode.window.showQuickPick(
    names.map(name => ({ label: knob(name).label, description: inWords(knob(name), settings[name]), detail: knob(name).help, name })),
    { title: `Change Setting of ${run.record.name}`, placeHolder: 'Which setting?', matchOnDetail: true },
  );
  if (picked === undefined) return undefined;
  const entry = knob(picked.name);
  return entry.kind === 'choice' ? chooseValue(run, picked.name, entry) : typeValue(run, picked.name, entry);
}

async function chooseValue(run: Run, name: LiveKnobName, entry: ChoiceKnob): Promise<Change | undefined> {
  const current = run.state.settings[name];
  const items = optionsWithin(run.state.settings, name, entry).map(value => ({ label: String(value), description: value === current ? 'as it is' : costOf(run, { [name]: value }), value }));
  const picked = await vscode.window.showQuickPick(items, { title: entry.label, placeHolder: `Now ${String(current)}` });
  return picked && { [name]: picked.value };
}

async function typeValue(run: Run, name: LiveKnobName, entry: Knob): Promise<Change | undefined> {
  const nullMeans = entry.kind === 'number' ? entry.nullMeans : undefined;
  const current = run.state.settings[name];
  const text = await vscode.window.showInputBox({
    title: entry.label,
    value: current === null ? '' : String(current),
    ...(nullMeans === undefined ? {} : { prompt: `Leave it empty for: ${nullMeans}.` }),
    validateInput: typed => judge(run, name, valueOf(typed, nullMeans)),
  });
  return text === undefined ? undefined : { [name]: valueOf(text, nullMeans) };
}

function inWords(entry: Knob, value: unknown): string {
  return value === null && entry.kind === 'number' ? entry.nullMeans ?? '' : String(value);
}

/** The number, null for nothing where that means something, or what was typed where it is neither: the table of settings says what is wrong with it. */
function valueOf(text: string, nullMeans: string | undefined): number | string | null {
  const value = Number(text);
  if (text.trim() === '') return nullMeans === undefined ? text : null;
  return Number.isNaN(value) ? text : value;
}

function judge(run: Run, name: LiveKnobName, value: number | string | null): vscode.InputBoxValidationMessage | string {
  try {
    return { message: `${costOf(run, { [name]: value })}. Allowed: ${allowed(knob(name), run.state.settings.optimizer)}.`, severity: vscode.InputBoxValidationSeverity.Info };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function costOf(run: Run, change: Change): string {
  return `Optimizer state: ${formatByteChange(requestChange(run.state, change).predictedDeltaBytes)}`;
}
