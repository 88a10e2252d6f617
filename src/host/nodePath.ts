/**
 * Which Node runs the trainer: the one that the setting names, else the one on the PATH, else the editor's own runtime.
 * The choice and its reason go into the run record.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the trainer is compiled for. */
export const oldestNode = 20;

export interface NodeChoice {
  readonly path: string;
  readonly version: string;
  readonly reason: string;
  /** Environment variables without which this program is no Node. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A program that said which Node it is. */
export interface ProbedNode {
  readonly path: string;
  readonly version: string;
}

/** Asks a program for its own path and version; rejects when it does not answer like a Node. */
export type Probe = (program: string) => Promise<ProbedNode>;

/** The setting `efcp.nodePath` cannot be used. */
export class NodePathError extends Error {
  override readonly name = 'NodePathError';
}

export async function chooseNode(setting: string, editor: ProbedNode, probe: Probe = probeNode): Promise<NodeChoice> {
  const configured = setting.trim();
  if (configured !== '') return { ...await probeSetting(configured, probe), reason: 'the setting efcp.nodePath names it', environment: {} };
  const lacking = await probe('node').then(
    found => isRecent(found) ? { ...found, reason: 'it is first on the PATH', environment: {} } : `node on the PATH is ${found.version}, older than ${oldestNode}`,
    (error: unknown) => `there is no node on the PATH that can be used (${error instanceof Error ? error.message : String(error)})`,
  );
  if (typeof lacking !== 'string') return lacking;
  return { ...editor, reason: `the editor's own runtime, because ${lacking}`, environment: { ELECTRON_RUN_AS_NODE: '1' } };
}

async function probeSetting(configured: string, probe: Probe): Promise<ProbedNode> {
  const refuse = (found: string) => new NodePathError(
    `efcp.nodePath is "${configured}", but must be the path of a Node program, version ${oldestNode} or later: ${found}. Correct the setting, or empty it to use the node on the PATH.`,
  );
  const found = await probe(configured).catch((error: unknown) => { throw refuse(error instanceof Error ? error.message : String(error)); });
  if (!isRecent(found)) throw refuse(`this one is ${found.version}`);
  return found;
}

function isRecent({ version }: ProbedNode): boolean {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0) >= oldestNode;
}

const run = promisify(execFile);

/** A busy machine may take seconds for what takes a moment. */
const answerMs = 30_000;

export async function probeNode(program: string): Promise<ProbedNode> {
  const { stdout } = await run(program, ['-p', 'process.execPath + "\\n" + process.version'], { timeout: answerMs, windowsHide: true }).catch(explain);
  const [path, version] = stdout.trim().split('\n').slice(-2);
  if (path === undefined || version === undefined || !/^v\d+\./.test(version)) throw new Error('it does not answer like a Node');
  return { path, version };
}

function explain(error: NodeJS.ErrnoException & { readonly killed?: boolean }): never {
  if (error.killed === true) throw new Error(`it did not answer within ${answerMs / 1000} s`);
  const reasons: Record<string, string> = { ENOENT: 'there is no such file', EACCES: 'it may not be executed', EISDIR: 'it is a folder' };
  throw new Error(reasons[error.code ?? ''] ?? 'it did not run as a Node');
}
