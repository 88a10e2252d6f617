// A real VS Code without its desktop application: which packages it is made of and where its parts lie.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../cacheFolder.mjs';

/** code-server carries the VS Code server of version 1.139.1, which runs on Node 24 only. */
export const serverVersion = '4.139.1';
const serverNode = { major: 24, version: '24.21.0', platforms: ['linux-x64', 'linux-arm64', 'win-x64'] };

/** Where the rig is installed: outside the repository, shared by every clone. */
export const rigFolder = path.resolve(process.env.EFCP_WORKBENCH_HOME || path.join(cacheFolder, `workbench-${serverVersion}`));

const ownNode = Number(process.versions.node.split('.')[0]) === serverNode.major;
const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The npm package with a Node for the server; undefined where the Node that runs this will do. */
export function nodePackage() {
  if (ownNode) return undefined;
  if (serverNode.platforms.includes(platform)) return { name: `node-${platform}`, version: serverNode.version };
  throw new Error(
    `The workbench needs Node ${serverNode.major} and npm has none for ${platform}. Run this with Node ${serverNode.major} (this is ${process.versions.node}), ` +
    'or install desktop VS Code and name its executable in EFCP_VSCODE.',
  );
}

/** The parts of a rig installed in `folder`. */
export function rigIn(folder) {
  const nodeFolder = ownNode ? path.dirname(path.dirname(process.execPath)) : path.join(folder, 'node_modules', nodePackage().name);
  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  return {
    node: ownNode ? process.execPath : path.join(nodeFolder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    nodeHeaders: existsSync(path.join(nodeFolder, 'include/node/node.h')) ? nodeFolder : undefined,
    vscode,
    server: path.join(vscode, 'out/server-main.js'),
  };
}

/** Whether `folder` holds every part, at this version. */
export function isInstalled(folder) {
  const { node, vscode, server } = rigIn(folder);
  if (![node, server, path.join(vscode, 'node_modules'), path.join(vscode, 'extensions/node_modules')].every(file => existsSync(file))) return false;
  return JSON.parse(readFileSync(path.join(folder, 'node_modules/code-server/package.json'), 'utf8')).version === serverVersion;
}
