// The VS Code server of the rig: started on this machine's loopback interface, ended with everything that it started.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, isInterrupted, startGroup } from '../processGroup.mjs';
import { scratchFolder } from '../scratchFolder.mjs';
import { quietProfile } from './profile.mjs';
import { rigFolder, rigIn } from './rig.mjs';

const host = '127.0.0.1';

/**
 * Starts the server and waits until it answers. `userData` and `extensions` are folders of the profile; `port` 0 takes a free one.
 * `development` makes the page accept extensions under development and tests (see address.mjs), at the price of no notification
 * popping up. `onEnd` is called when the server ends without being told to.
 */
export async function startServer({ userData, extensions, port = 0, development = false, env = process.env, onEnd = () => {} }) {
  quietProfile(userData);
  mkdirSync(extensions, { recursive: true });
  const authority = `${host}:${await freePort(port)}`;
  const token = randomBytes(16).toString('hex'); // any page of any browser on this machine can reach the port
  const parameters = serverParameters({ authority, token, userData, extensions, development });
  const child = startGroup(rigIn(rigFolder).node, parameters, { stdio: ['ignore', 'pipe', 'pipe'], env: serverEnvironment(env) });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (log = (log + chunk).slice(-20_000)));
  let state = 'starting';
  const ended = why => {
    if (state === 'running' && !isInterrupted()) onEnd(`${why}\n${log}`);
    state = 'ended';
  };
  child.once('error', error => ended(String(error)));
  child.once('exit', code => ended(`exit code ${code}`));
  const stop = () => {
    state = 'stopping';
    return endGroup(child);
  };
  const answered = await answers(`http://${authority}/version`, () => state === 'starting');
  if (answered && state === 'starting') {
    state = 'running';
    return { authority, token, stop };
  }
  await stop();
  throw new Error(`The VS Code server did not start on ${authority}.\n${log}`);
}

/** Waits until the server answers; false when there is no point in waiting any longer. */
async function answers(address, goOn) {
  for (const deadline = Date.now() + 30_000; goOn() && Date.now() < deadline; await sleep(100)) {
    if (await fetch(address).then(reply => reply.ok, () => false)) return true;
  }
  return false;
}

function serverParameters({ authority, token, userData, extensions, development }) {
  return [
    rigIn(rigFolder).server, '--host', host, '--port', authority.split(':')[1], '--connection-token', token,
    '--accept-server-license-terms', '--disable-telemetry', '--disable-experiments', '--disable-workspace-trust',
    '--user-data-dir', userData, '--extensions-dir', extensions, ...(development ? ['--enable-smoke-test-driver'] : []),
  ];
}

/** The extension host inherits this. Without a gallery the workbench asks no marketplace. */
function serverEnvironment(env) {
  const noGallery = JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '', extensionUrlTemplate: '' });
  const { VSCODE_IPC_HOOK_CLI: _outerWindow, ...rest } = env; // set in a VS Code terminal, and would talk to that window
  return { EXTENSIONS_GALLERY: noGallery, ...rest, XDG_RUNTIME_DIR: scratchFolder('run') }; // else its sockets stay behind
}

/** Finds a free port, or makes sure that the wanted one is free: another server there would answer in our server's place. */
function freePort(wanted) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', error => reject(new Error(`Port ${wanted} cannot be used (${error.code}): name another one, or none.`)));
    probe.listen(wanted, host, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
