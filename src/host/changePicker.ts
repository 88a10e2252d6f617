/** Asks for a new value of one of the settings that can change while the run goes on, and says what it will cost. */
import * as vscode from 'vscode';
import { optionsWithin } from '../settings/devicePlacement';
import { isRead } from '../settings/isRead';
import type { Knob } from '../settings/knob';
import { isLive, knob, knobNames, type LiveKnobName } from '../settings/knobs';
import { mostOf } from '../settings/limits';
import { typedValue } from './typedValue';
import { allowed } from '../settings/knobSchema';
import { requestChange } from './changes';
import { formatByteChange } from '../protocol/format';
import type { Run } from './run';

type Change = Readonly<Record<string, unknown>>;

export async function pickChange(run: Run): Promise<Change | undefined> {
  const { settings } = run.state;
  const names = knobNames.filter(name => isLive(name)).filter(name => isRead(name, settings));
  const picked = await vscode.window.showQuickPick(
    names.map(name => ({ label: knob(name).label, description: inWords(knob(name), settings[name]), detail: knob(name).help, name })),
    { title: `Change Setting of ${run.record.name}`, placeHolder: 'Which setting?', matchOnDetail: true },
  );
  if (picked === undefined) return undefined;
  const entry = knob(picked.name);
  if (entry.kind === 'choice') return chooseValue(run, picked.name, entry, optionsWithin(settings, picked.name, entry));
  if (entry.kind === 'switch') return chooseValue(run, picked.name, entry, [true, false]);
  return typeValue(run, picked.name, entry.kind === 'number' ? { ...entry, max: mostOf(picked.name, entry, settings) } : entry);
}

async function chooseValue(run: Run, name: LiveKnobName, entry: Knob, options: readonly (string | number | boolean)[]): Promise<Change | undefined> {
  const current = run.state.settings[name];
  const items = options.map(value => ({ label: String(value), description: value === current ? 'as it is' : costOf(run, { [name]: value }), value }));
  const picked = await vscode.window.showQuickPick(items, { title: entry.label, placeHolder: `Now ${String(current)}` });
  return picked && { [name]: picked.value };
}

async function typeValue(run: Run, name: LiveKnobName, entry: Knob): Promise<Change | undefined> {
  const current = run.state.settings[name];
  const emptyMeans = entry.kind === 'number' || entry.kind === 'path' ? entry.nullMeans : undefined;
  const prompt = entry.kind === 'names' ? `Names of ${entry.of}, with commas between them.` : emptyMeans === undefined ? undefined : `Leave it empty for: ${emptyMeans}.`;
  const text = await vscode.window.showInputBox({
    title: entry.label,
    value: current === null ? '' : Array.isArray(current) ? current.join(', ') : String(current),
    ...(prompt === undefined ? {} : { prompt }),
    validateInput: typed => judge(run, name, entry, typedValue(entry, typed)),
  });
  return text === undefined ? undefined : { [name]: typedValue(entry, text) };
}

function inWords(entry: Knob, value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return value === null && (entry.kind === 'number' || entry.kind === 'path') ? entry.nullMeans ?? '' : String(value);
}

function judge(run: Run, name: LiveKnobName, entry: Knob, value: unknown): vscode.InputBoxValidationMessage | string {
  try {
    return { message: `${costOf(run, { [name]: value })}. Allowed: ${allowed(entry, run.state.settings.optimizer)}.`, severity: vscode.InputBoxValidationSeverity.Info };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function costOf(run: Run, change: Change): string {
  const { predictedDeltaBytes } = requestChange(run.state, change);
  return `Optimizer state: ${formatByteChange(predictedDeltaBytes)}`;
}
