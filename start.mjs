// `npm start`: from whatever state a clone is in to a training run that can be watched and tuned.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { requireNode } from './test/support/nodeVersion.mjs';

const usage = `npm start                          opens EFCP Studio on the sample workspace and starts its run:
                                   in desktop VS Code, else in a VS Code workbench served on localhost
npm start -- --terminal [OPTION …] trains in the terminal; options go to \`efcp train digits-mlp\`

Environment:
  EFCP_VSCODE          executable of desktop VS Code; default: \`code\` on the PATH
  EFCP_PORT            port of the served workbench; default: a free one
  EFCP_NO_BROWSER      any value: only print the workbench's address
  EFCP_WORKBENCH_HOME  where the workbench is installed; default: the user's cache folder`;

requireNode();
const parameters = process.argv.slice(2);
const terminal = parameters[0] === '--terminal';
if (!terminal && parameters.length > 0) {
  const help = parameters.some(parameter => ['--help', '-h'].includes(parameter));
  console[help ? 'log' : 'error'](help ? usage : `There is no option "${parameters[0]}".\n\n${usage}`);
  process.exit(help ? 0 : 2);
}

// Only now: what is imported here may need a newer Node than the check above.
const { runLive } = await import('./test/support/command.mjs');
const { installDependencies } = await import('./test/support/dependencies.mjs');
const { endProcessesWith } = await import('./test/support/leftovers.mjs');
const { onPath } = await import('./test/support/onPath.mjs');
const { endGroupsOnInterrupt } = await import('./test/support/processGroup.mjs');
const { repository } = await import('./test/support/repository.mjs');
const { hasDisplay } = await import('./test/support/workbench/editor.mjs');
const { quietProfile } = await import('./test/support/workbench/profile.mjs');
const { scratchFolder } = await import('./test/support/scratchFolder.mjs');

const sample = path.join(repository, 'media/sample');
/** What the extension reads when its window opens. Whatever it starts inherits the id, and is found by it in the end. */
const launch = { EFCP_LAUNCH: path.join(sample, 'digits.efcp.json'), EFCP_LAUNCH_ID: randomUUID() };
const endEverything = grace => endProcessesWith('EFCP_LAUNCH_ID', launch.EFCP_LAUNCH_ID, grace);

try {
  process.exitCode = await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function start() {
  const leaveInterruptsAlone = endGroupsOnInterrupt({ grace: 5000, last: () => endEverything(0) });
  await installDependencies();
  console.log('Building …');
  const built = await runLive(process.execPath, ['esbuild.mjs'], { cwd: repository });
  if (built !== 0) return built;
  if (terminal) {
    leaveInterruptsAlone();
    return trainInTerminal(parameters.slice(1));
  }
  const desktop = findDesktop();
  return desktop ? openDesktop(desktop) : serveWorkbench();
}

/** The trainer has the terminal, and Ctrl-C reaches it directly: it ends its run in good order, and this waits. */
function trainInTerminal(options) {
  const trainer = spawn(process.execPath, ['dist/cli.js', 'train', 'digits-mlp', ...options], { cwd: repository, stdio: 'inherit' });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => trainer.kill(signal));
  return new Promise((resolve, reject) => trainer.once('error', reject).once('exit', code => resolve(code ?? 1)));
}

/** Desktop VS Code, where it can open a window. In a terminal of a remote window, `code` is something else. */
function findDesktop() {
  const named = process.env.EFCP_VSCODE;
  if (named && !existsSync(named)) throw new Error(`EFCP_VSCODE: there is no file ${named}. Name the executable of desktop VS Code, or unset the variable.`);
  if (named || !hasDisplay() || process.env.VSCODE_IPC_HOOK_CLI) return named;
  return onPath(process.platform === 'win32' ? 'code.cmd' : 'code');
}

/** A profile of its own makes this a new instance: one that already runs would not see our environment. */
async function openDesktop(executable) {
  const userData = scratchFolder('code');
  quietProfile(userData);
  console.log(`Opening ${sample} in ${executable}. Close the window or press Ctrl-C to stop.`);
  const code = await runLive(executable, [
    '--new-window', '--wait', `--extensionDevelopmentPath=${repository}`, `--user-data-dir=${userData}`,
    '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), sample,
  ], { env: { ...process.env, ...launch } });
  await endEverything(3000);
  return code;
}

/** Serves the workbench until Ctrl-C. The extension is installed by a link to this repository. */
async function serveWorkbench() {
  const { installRig } = await import('./test/support/workbench/install.mjs');
  const { startServer } = await import('./test/support/workbench/server.mjs');
  const { workbenchAddress } = await import('./test/support/workbench/address.mjs');
  const { cacheFolder } = await import('./test/support/cacheFolder.mjs');
  await installRig();
  const extensions = scratchFolder('extensions');
  symlinkSync(repository, path.join(extensions, 'efcp-studio'), 'junction');
  let onEnd;
  const ended = new Promise(resolve => (onEnd = resolve));
  const server = await startServer({ userData: path.join(cacheFolder, 'profile'), extensions, port: wantedPort(), env: { ...process.env, ...launch }, onEnd });
  const address = workbenchAddress(server, { folder: sample });
  console.log(`\nEFCP Studio is served at\n\n    ${address}\n\nIts sample run starts when the page opens. Press Ctrl-C to stop.`);
  openBrowser(address);
  throw new Error(`The workbench ended: ${await ended}`);
}

function wantedPort() {
  const port = Number(process.env.EFCP_PORT || 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`EFCP_PORT is "${process.env.EFCP_PORT}": give a port from 1 to 65535, or unset it for a free one.`);
}

function openBrowser(address) {
  if (process.env.EFCP_NO_BROWSER || !hasDisplay()) return;
  const [program, ...before] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? ['xdg-open'];
  spawn(program, [...before, address], { stdio: 'ignore', detached: true }).on('error', () => {}).unref(); // the address is printed anyway
}
