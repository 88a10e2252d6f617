/** The programs that build a runtime, each asked for its version; who has none is told what to install. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { elsewhere, RuntimeRefusal } from './refusal';
import { runProgram } from './runProgram';

export interface Tools {
  /** Each is the start of a command line. */
  readonly npm: readonly [string, ...string[]];
  readonly python: readonly [string, ...string[]];
  readonly compiler: readonly [string, ...string[]];
  /** What the compiler calls itself. */
  readonly compilerVersion: string;
}

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Absent on systems with another C library. */
  readonly glibc: string | undefined;
  readonly nodeVersion: string;
}

const oldestNode = 20;
const oldestGlibc = [2, 27] as const;

export function thisMachine(): Machine {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return { platform: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime, nodeVersion: process.version };
}

/** Throws a refusal where TensorFlow's wheels cannot run. */
export function checkMachine({ platform, arch, glibc, nodeVersion }: Machine): void {
  const major = Number(/^v(\d+)/.exec(nodeVersion)?.[1] ?? 0);
  if (major < oldestNode) throw new RuntimeRefusal('node', `This is Node ${nodeVersion}; a runtime needs Node ${oldestNode} or later.`, 'Install a newer Node and run the command with it.');
  if (platform !== 'linux' || arch !== 'x64') throw new RuntimeRefusal('platform', `A TensorFlow runtime can be built on Linux on x64 only; this is ${platform} on ${arch}.`, elsewhere);
  if (glibc === undefined) throw new RuntimeRefusal('platform', 'TensorFlow\'s libraries need the GNU C library, which this system does not use.', elsewhere);
  const [major2 = 0, minor = 0] = glibc.split('.').map(Number);
  if (major2 < oldestGlibc[0] || (major2 === oldestGlibc[0] && minor < oldestGlibc[1])) {
    throw new RuntimeRefusal('platform', `This system has version ${glibc} of the GNU C library; TensorFlow's libraries need ${oldestGlibc.join('.')} or later.`, elsewhere);
  }
}

/** `env` names the folders to look in; EFCP_PYTHON and CXX name programs outright. */
export async function findTools(env: NodeJS.ProcessEnv = process.env, execPath = process.execPath): Promise<Tools> {
  const npm = await findNpm(env, execPath);
  const python = await findPython(env);
  const { compiler, compilerVersion } = await findCompiler(env);
  return { npm, python, compiler, compilerVersion };
}

async function findNpm(env: NodeJS.ProcessEnv, execPath: string): Promise<Tools['npm']> {
  const folder = path.dirname(execPath);
  const script = path.join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const candidates: Tools['npm'][] = [...(existsSync(script) ? [[execPath, script] as const satisfies Tools['npm']] : []), [path.join(folder, 'npm')], [located('npm', env)]];
  for (const candidate of candidates) if (await answer([...candidate, '--version'], env) !== undefined) return candidate;
  throw new RuntimeRefusal('npm', `There is no npm beside ${execPath} or on the PATH.`, 'Install it (Debian: sudo apt install npm; Fedora: sudo dnf install npm; elsewhere it comes with Node), then run the command again.');
}

async function findPython(env: NodeJS.ProcessEnv): Promise<Tools['python']> {
  const { EFCP_PYTHON: named } = env;
  let without: string | undefined;
  for (const program of (named ? [named] : ['python3', 'python']).map(name => located(name, env))) {
    if (!(await answer([program, '--version'], env))?.startsWith('Python 3')) continue;
    if (await answer([program, '-m', 'pip', '--version'], env) !== undefined) return [program];
    without ??= program;
  }
  if (without !== undefined) throw new RuntimeRefusal('pip', `${without} has no pip, which downloads TensorFlow's libraries.`, 'Install it (Debian: sudo apt install python3-pip; Fedora: sudo dnf install python3-pip), or name another Python in EFCP_PYTHON.');
  throw new RuntimeRefusal('python', named ? `EFCP_PYTHON is "${named}", which is no Python 3.` : 'There is no python3 on the PATH.', 'Install one with pip (Debian: sudo apt install python3 python3-pip; Fedora: sudo dnf install python3 python3-pip), or name one in EFCP_PYTHON. Any version from 3.6 serves.');
}

async function findCompiler(env: NodeJS.ProcessEnv): Promise<Pick<Tools, 'compiler' | 'compilerVersion'>> {
  const { CXX: named } = env;
  for (const program of (named ? [named] : ['g++', 'c++', 'clang++']).map(name => located(name, env))) {
    const version = await answer([program, '--version'], env);
    if (version !== undefined) return { compiler: [program], compilerVersion: version.split('\n')[0] ?? '' };
  }
  throw new RuntimeRefusal('compiler', named ? `CXX is "${named}", which is no C++ compiler.` : 'There is no C++ compiler on the PATH (g++, c++ or clang++).', 'Install one (Debian: sudo apt install g++; Fedora: sudo dnf install gcc-c++), or name one in CXX.');
}

/** The path of a program that the PATH has, so that whatever runs it later runs the same; else its name as it is. */
function located(program: string, { PATH: folders = '' }: NodeJS.ProcessEnv): string {
  if (program.includes(path.sep)) return program;
  return folders.split(path.delimiter).map(folder => path.join(folder, program)).find(file => existsSync(file)) ?? program;
}

function answer(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return runProgram(command, { env }).then(text => text.trim(), () => undefined);
}
