/** EFCP: Install TensorFlow Runtime…: asks which, lets the command line build it, and says how that went. */
import * as vscode from 'vscode';
import { formatBytes } from '../protocol/format';
import { parseInstallMessage, placeInWords, type InstallMessage } from '../runtime/installMessages';
import { downloadBytes, installedBytes, runtimePlans, type RuntimeKind } from '../runtime/pins';
import { startCli } from './cliProcess';
import { NodePathError, type NodeChoice } from './nodePath';
import { mayRun, refuse } from './trust';

export interface RuntimePrograms {
  readonly chooseNode: () => Promise<NodeChoice>;
  readonly cliFile: string;
  readonly log: vscode.LogOutputChannel;
}

type Outcome = Extract<InstallMessage, { type: 'finished' | 'refused' | 'cancelled' }>;

/** Resolves to how it ended; undefined when nothing was begun. */
export async function installRuntime(programs: RuntimePrograms, argument: unknown): Promise<Outcome['type'] | undefined> {
  if (!mayRun('Installing')) return undefined;
  const kind = kindIn(argument) ?? await pickKind();
  if (kind === undefined) return undefined;
  const node = await nodeFor(programs);
  if (node === undefined) return undefined;
  const outcome = await build(programs, node, kind);
  tell(outcome, programs, kind);
  return outcome.type;
}

/** The Node that runs the command line; a setting that cannot be used is said with a way to it. */
export async function nodeFor({ chooseNode }: RuntimePrograms): Promise<NodeChoice | undefined> {
  try {
    return await chooseNode();
  } catch (error) {
    if (!(error instanceof NodePathError)) throw error;
    refuse(error.message, 'Open Setting', 'workbench.action.openSettings', 'efcp.nodePath');
    return undefined;
  }
}

function kindIn(argument: unknown): RuntimeKind | undefined {
  const given = (argument as { readonly kind?: unknown } | undefined)?.kind;
  return given === 'cpu' || given === 'gpu' ? given : undefined;
}

async function pickKind(): Promise<RuntimeKind | undefined> {
  const sizes = (kind: RuntimeKind) => `downloads ${formatBytes(downloadBytes(runtimePlans[kind]))}, keeps ${formatBytes(installedBytes(runtimePlans[kind]))}`;
  const made = 'Built from npm and PyPI with this machine\'s Python, pip and C++ compiler; Linux on x64.';
  const picked = await vscode.window.showQuickPick([
    { label: '$(circuit-board) For the processor', description: sizes('cpu'), detail: `TensorFlow ${runtimePlans.cpu.tensorflow}. ${made}`, kind: 'cpu' as const },
    { label: '$(server-process) For NVIDIA GPUs', description: sizes('gpu'), detail: `TensorFlow ${runtimePlans.gpu.tensorflow} with CUDA ${runtimePlans.gpu.cuda?.version ?? ''}; needs NVIDIA's driver, and no CUDA. ${made}`, kind: 'gpu' as const },
  ].map(({ kind, ...item }) => ({ ...item, runtime: kind })), { title: 'Install TensorFlow Runtime', placeHolder: 'TensorFlow\'s own kernels for the backend "tensorflow", in your data folder, for all workspaces' });
  return picked?.runtime;
}

function build({ cliFile, log }: RuntimePrograms, node: NodeChoice, kind: RuntimeKind): Thenable<Outcome> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Installing TensorFlow Runtime', cancellable: true }, async (progress, token) => {
    let outcome: Outcome | undefined;
    let title = '';
    log.info(`Runtime: ${cliFile} runtime install --${kind}, run by ${node.path}.`);
    const cli = startCli(node, cliFile, ['runtime', 'install', `--${kind}`, '--json'], line => {
      const message = parseInstallMessage(line);
      if (message === undefined) return;
      if (message.type === 'step') {
        title = `${message.step}/${message.steps} ${message.title}`;
        log.info(`Runtime: ${title}${message.done ? ', done before' : ''}.`);
        progress.report({ message: title, increment: 100 / message.steps });
      } else if (message.type === 'progress') {
        progress.report({ message: `${title}: ${message.doing} ${formatBytes(message.bytes)} of ${formatBytes(message.totalBytes)}` });
      } else if (message.type !== 'started') {
        outcome = message;
      }
    });
    token.onCancellationRequested(() => cli.cancel());
    const { code, stderr } = await cli.ended;
    if (stderr.trim() !== '') log.info(`Runtime: ${stderr.trim()}`);
    return outcome ?? { type: 'refused', code: 'broken', what: `The installation broke off (exit code ${code ?? 'none'}).`, remedy: 'Look at the log, and install again: what is finished is kept.', details: stderr.trim() };
  });
}

function tell(outcome: Outcome, programs: RuntimePrograms, kind: RuntimeKind): void {
  const { log } = programs;
  if (outcome.type === 'finished') {
    const { test, runtime, alreadyThere } = outcome;
    const placed = placeInWords(runtime.kind, runtime.folder, test);
    const message = `TensorFlow ${runtime.tensorflow} ${alreadyThere ? 'was installed already' : 'is installed'} (${formatBytes(runtime.bytes)}) and computes ${placed}. Runs with "backend": "tensorflow" use it.`;
    log.info(`Runtime: ${message}`);
    void vscode.window.showInformationMessage(message);
  } else if (outcome.type === 'cancelled') {
    void vscode.window.showInformationMessage('The installation was cancelled. What is finished is kept for the next attempt; EFCP: Remove TensorFlow Runtime… removes it.');
  } else {
    log.error(`Runtime: ${outcome.what} ${outcome.remedy}\n${outcome.details}`);
    void vscode.window.showErrorMessage(`${outcome.what} ${outcome.remedy}`, 'Open Log', 'Try Again').then(chosen => {
      if (chosen === 'Open Log') log.show();
      if (chosen === 'Try Again') void vscode.commands.executeCommand('efcp.installRuntime', { kind });
    });
  }
}
