/** Asks what to launch: the presets at once, the run files of the workspace as soon as they are read. */
import * as vscode from 'vscode';
import { knobNames } from '../settings/knobs';
import { presetNames, presets } from '../settings/presets';
import { InputError } from '../settings/problem';
import { parseRunFile } from '../settings/runFile';
import type { LaunchSource } from './launchSource';

interface SourceItem extends vscode.QuickPickItem {
  readonly source?: LaunchSource;
}

/** Files listed at most. */
const mostFiles = 200;

export function pickLaunchSource(): Promise<LaunchSource | undefined> {
  const picker = vscode.window.createQuickPick<SourceItem>();
  picker.title = 'Launch Training Run';
  picker.placeholder = 'Choose a preset or a *.efcp.json file';
  picker.matchOnDescription = true;
  picker.busy = true;
  picker.items = presetItems;
  void fileItems().then(files => {
    picker.items = [...presetItems, ...files];
    picker.busy = false;
  });
  return new Promise(resolve => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.source);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

const presetItems: readonly SourceItem[] = [
  { label: 'Presets', kind: vscode.QuickPickItemKind.Separator },
  ...presetNames.map(name => ({ label: presets[name].label, description: name, detail: presets[name].description, source: { preset: name } })),
];

async function fileItems(): Promise<SourceItem[]> {
  const files = await vscode.workspace.findFiles('**/*.efcp.json', '**/node_modules/**', mostFiles);
  if (files.length === 0) return [];
  const items = await Promise.all(files.map(async file => ({ label: vscode.workspace.asRelativePath(file), source: { file }, ...await describe(file) })));
  items.sort((a, b) => a.label.localeCompare(b.label));
  return [{ label: 'Run Files', kind: vscode.QuickPickItemKind.Separator }, ...items];
}

/** The run's name and what it sets; or what is wrong with the file. */
async function describe(file: vscode.Uri): Promise<Pick<SourceItem, 'description' | 'detail'>> {
  try {
    const run = parseRunFile(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
    const given = knobNames.filter(name => name in run).map(name => name === 'groups' ? `${run.groups?.length ?? 0} parameter groups` : `${name} ${String(run[name])}`);
    return { ...(run.name === undefined ? {} : { description: run.name }), detail: [...(run.preset === undefined ? [] : [run.preset]), ...given].join(', ') };
  } catch (error) {
    const problem = error instanceof InputError ? error.problems[0]?.message : undefined;
    return { detail: `$(warning) ${problem ?? 'The file cannot be read.'}` };
  }
}
