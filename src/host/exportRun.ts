/** EFCP: Export Run…: asks what, into what and where to, lets the command line write it, and offers to open it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { exportFormats, formatsOf, formatWords, type ExportFormat } from '../exports/exportFormats';
import { parseExportMessage, progressWords } from '../exports/exportMessages';
import { formatBytes } from '../protocol/format';
import { snapshotExtension as ending } from '../protocol/snapshotFiles';
import { startCli } from './cliProcess';
import type { NodeChoice } from './nodePath';
import { fileName } from './pictureSaver';
import { nodeFor, type RuntimePrograms } from './runtimeInstaller';

/** What commands, menus, the panel and tests name in an argument. */
interface Request {
  /** A run directory, or the file of a step snapshot. */
  readonly source: string;
  readonly format: ExportFormat | 'all' | undefined;
  readonly chart: string | undefined;
  readonly out: string | undefined;
}

interface Job {
  readonly source: string;
  readonly format: ExportFormat | 'all';
  readonly chart: string | undefined;
  readonly out: string;
  readonly isFile: boolean;
  /** Whether what is there may be replaced, as the dialog for a file has asked. */
  readonly mayReplace: boolean;
}

/** Resolves to the files that were written; undefined when nothing was. `pick`: the run, where none is named. */
export async function exportRun(programs: RuntimePrograms, argument: unknown, pick: () => Promise<string | undefined>): Promise<readonly string[] | undefined> {
  const request = await requested(argument, pick);
  if (request === undefined) return undefined;
  const format = request.format ?? await pickFormat(request.source.endsWith(ending) ? 'snapshot' : 'run');
  if (format === undefined) return undefined;
  const isFile = format !== 'all' && (formatWords[format].file !== undefined || request.chart !== undefined);
  const out = request.out ?? await (isFile ? pickFile(request, format) : pickFolder(request.source));
  if (out === undefined) return undefined;
  const node = await nodeFor(programs);
  return node === undefined ? undefined : write(programs, node, { source: request.source, format, chart: request.chart, out, isFile, mayReplace: isFile && request.out === undefined });
}

async function requested(argument: unknown, pick: () => Promise<string | undefined>): Promise<Request | undefined> {
  if (argument instanceof vscode.Uri) return { source: argument.fsPath, format: undefined, chart: undefined, out: undefined };
  const given = (argument ?? {}) as Readonly<Record<string, unknown>>;
  const text = (field: string) => typeof given[field] === 'string' ? given[field] : undefined;
  const source = text('file') ?? text('directory') ?? await pick();
  const format = (['all', ...exportFormats] as const).find(each => each === text('format'));
  return source === undefined ? undefined : { source, format, chart: text('chart'), out: text('out') };
}

async function pickFormat(what: 'run' | 'snapshot'): Promise<ExportFormat | 'all' | undefined> {
  const items = formatsOf(what).map(format => ({ label: formatWords[format].label, description: formatWords[format].about, format }));
  const everything = { label: 'Everything', description: 'all of these, in a folder', format: 'all' as const };
  return (await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly format: ExportFormat | 'all' }>([...items, everything], { title: what === 'run' ? 'Export Run' : 'Export Step Snapshot', placeHolder: 'Into what?', matchOnDescription: true }))?.format;
}

async function pickFile({ source, chart }: Request, format: ExportFormat): Promise<string | undefined> {
  const usual = chart === undefined ? formatWords[format].file ?? '' : `${chart}.${format}`;
  const extension = path.extname(usual).slice(1);
  const defaultUri = vscode.Uri.file(path.join(path.dirname(source), `${fileName(path.basename(source, ending))}-${usual}`));
  return (await vscode.window.showSaveDialog({ title: 'Export', defaultUri, filters: { [formatWords[format].label]: [extension] } }))?.fsPath;
}

async function pickFolder(source: string): Promise<string | undefined> {
  const [folder] = await vscode.window.showOpenDialog({ title: 'Export Into', openLabel: 'Export Here', canSelectFolders: true, canSelectFiles: false, defaultUri: vscode.Uri.file(source.endsWith(ending) ? path.dirname(source) : source) }) ?? [];
  return folder?.fsPath;
}

async function write(programs: RuntimePrograms, node: NodeChoice, job: Job): Promise<readonly string[] | undefined> {
  const { source, format, chart, out, isFile, mayReplace } = job;
  const args = ['export', source, '--to', format, '--out', isFile || existsSync(out) ? out : `${out}${path.sep}`, '--json', ...chart === undefined ? [] : ['--chart', chart], ...mayReplace ? ['--force'] : []];
  programs.log.info(`Export: ${programs.cliFile} ${args.join(' ')}, run by ${node.path}.`);
  const { code, stderr, files, bytes, cancelled } = await run(programs, node, args);
  if (cancelled) return undefined;
  if (code === 0) {
    void offer(files, out, bytes);
    return files;
  }
  programs.log.error(`Export: ${stderr.trim()}`);
  const isThere = !mayReplace && stderr.includes('--force');
  const message = isThere ? stderr.replace(/^efcp: /, '').replace(/\. Choose another place.*/s, '. Replace it?') : `The export failed: ${stderr.replace(/^efcp: /, '').trim() || `exit code ${code ?? 'none'}`}`;
  const chosen = await vscode.window.showErrorMessage(message, ...isThere ? ['Replace'] : ['Open Log']);
  if (chosen === 'Open Log') programs.log.show();
  return chosen === 'Replace' ? write(programs, node, { ...job, mayReplace: true }) : undefined;
}

interface Written {
  readonly code: number | null;
  readonly stderr: string;
  readonly files: readonly string[];
  readonly bytes: number;
  readonly cancelled: boolean;
}

function run({ cliFile, log }: RuntimePrograms, node: NodeChoice, args: readonly string[]): Thenable<Written> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Exporting', cancellable: true }, async (progress, token) => {
    const files: string[] = [];
    let bytes = 0;
    const cli = startCli(node, cliFile, args, line => {
      const message = parseExportMessage(line);
      if (message?.type === 'progress') progress.report({ message: `${path.basename(message.what)} ${progressWords(message)}`.trimEnd() });
      if (message?.type === 'note') log.warn(`Export: ${message.message}`);
      if (message?.type === 'file') files.push(message.path);
      if (message?.type === 'finished') ({ bytes } = message);
    });
    token.onCancellationRequested(() => { cli.cancel(); });
    const { code, stderr } = await cli.ended;
    return { code, stderr, files, bytes, cancelled: token.isCancellationRequested };
  });
}

/** One file can be opened, several are shown where they are. */
async function offer(files: readonly string[], out: string, bytes: number): Promise<void> {
  const [only, ...more] = files;
  if (only === undefined) {
    void vscode.window.showInformationMessage('The run recorded no step: there is nothing of the kind to export.');
    return;
  }
  const page = files.find(file => file.endsWith('.md'));
  const opened = more.length === 0 ? only : page;
  const what = more.length === 0 ? path.basename(only) : `${files.length} files in ${out}`;
  const chosen = await vscode.window.showInformationMessage(`Exported ${what} (${formatBytes(bytes)}).`, ...opened === undefined ? [] : ['Open'], 'Reveal');
  if (chosen === 'Open' && opened !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(opened));
  if (chosen === 'Reveal') await vscode.commands.executeCommand(vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined ? 'revealFileInOS' : 'revealInExplorer', vscode.Uri.file(opened ?? only));
}
