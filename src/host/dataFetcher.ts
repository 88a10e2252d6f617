/** EFCP: Fetch Data Set…: asks which, lets the command line fetch it, and says how that went. */
import * as vscode from 'vscode';
import { described, downloadBytes, fetchableNames, isCatalogName, type CatalogName } from '../data/catalog';
import { parseFetchMessage, type FetchMessage } from '../data/fetch/fetchMessages';
import { formatBytes } from '../protocol/format';
import { startCli } from './cliProcess';
import type { NodeChoice } from './nodePath';
import { nodeFor, type RuntimePrograms } from './runtimeInstaller';
import { mayRun } from './trust';

type Outcome = Extract<FetchMessage, { type: 'finished' | 'refused' | 'cancelled' }>;

/** Resolves to how it ended; undefined when nothing was begun. */
export async function fetchDataSet(programs: RuntimePrograms, argument: unknown): Promise<Outcome['type'] | undefined> {
  if (!mayRun('Fetching')) return undefined;
  const name = nameIn(argument) ?? await pickData();
  if (name === undefined) return undefined;
  const node = await nodeFor(programs);
  if (node === undefined) return undefined;
  const outcome = await fetched(programs, node, name);
  tell(outcome, programs, name);
  return outcome.type;
}

function nameIn(argument: unknown): CatalogName | undefined {
  const given = (argument as { readonly name?: unknown } | undefined)?.name;
  return typeof given === 'string' && isCatalogName(given) ? given : undefined;
}

async function pickData(): Promise<CatalogName | undefined> {
  const items = fetchableNames.map(name => ({ label: name, description: `downloads ${formatBytes(downloadBytes(described(name)))}`, detail: `${described(name).title}. ${described(name).licence}`, name }));
  return (await vscode.window.showQuickPick(items, { title: 'Fetch Data Set', placeHolder: 'Into your cache folder, for all workspaces; the digits and the messages are built in', matchOnDetail: true }))?.name;
}

function fetched({ cliFile, log }: RuntimePrograms, node: NodeChoice, name: CatalogName): Thenable<Outcome> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Fetching ${name}`, cancellable: true }, async (progress, token) => {
    let outcome: Outcome | undefined;
    log.info(`Data: ${cliFile} data fetch ${name}, run by ${node.path}.`);
    const cli = startCli(node, cliFile, ['data', 'fetch', name, '--json'], line => {
      const message = parseFetchMessage(line);
      if (message === undefined) return;
      if (message.type === 'progress') progress.report({ message: `${message.file}: ${message.doing} ${formatBytes(message.bytes)} of ${formatBytes(message.totalBytes)}` });
      else if (message.type === 'file') progress.report({ message: `${message.number}/${message.files} ${message.file}`, increment: 100 / message.files });
      else if (message.type === 'trouble') log.warn(`Data: ${message.message}`);
      else if (message.type === 'started') log.info(`Data: ${message.title}, into ${message.folder}. Licence: ${message.licence}`);
      else outcome = message;
    });
    token.onCancellationRequested(() => { cli.cancel(); });
    const { code, stderr } = await cli.ended;
    if (stderr.trim() !== '') log.info(`Data: ${stderr.trim()}`);
    return outcome ?? { type: 'refused', code: 'broken', what: `The download broke off (exit code ${code ?? 'none'}).`, remedy: 'Look at the log, and fetch again: what has come is kept.', details: stderr.trim() };
  });
}

function tell(outcome: Outcome, { log }: RuntimePrograms, name: CatalogName): void {
  if (outcome.type === 'finished') {
    const message = `${name} ${outcome.alreadyThere ? 'was there already, and is whole' : 'is fetched and checked'} (${formatBytes(outcome.bytes)}). Runs with "data": "${name}" use it.`;
    log.info(`Data: ${message}`);
    void vscode.window.showInformationMessage(message);
  } else if (outcome.type === 'cancelled') {
    void vscode.window.showInformationMessage(`Fetching ${name} was cancelled. What has come is kept for the next attempt.`);
  } else {
    log.error(`Data: ${outcome.what} ${outcome.remedy}\n${outcome.details}`);
    void vscode.window.showErrorMessage(`${outcome.what} ${outcome.remedy}`, 'Open Log', 'Try Again').then(chosen => {
      if (chosen === 'Open Log') log.show();
      if (chosen === 'Try Again') void vscode.commands.executeCommand('efcp.fetchData', { name });
    });
  }
}
