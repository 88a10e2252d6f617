/**
 * TensorFlow.js's binding, compiled straight from the sources in its npm package: two files, one command. The headers of
 * Node's API come from an npm package, those of TensorFlow from the wheel. What comes out runs on every Node from 12 on.
 */
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { RuntimeRefusal } from './refusal';
import { ProgramFailure, runProgram } from './runProgram';
import type { Tools } from './tools';

/** The highest that the package knows; its loader looks for it by this number. */
const napiVersion = 8;

export const bindingFile = `lib/napi-v${napiVersion}/tfjs_binding.node`;

export async function compileBinding(folder: string, packageName: string, { compiler }: Pick<Tools, 'compiler'>, temporary: string, signal: AbortSignal): Promise<void> {
  const home = path.join(folder, 'node_modules', packageName);
  const output = path.join(home, bindingFile);
  await mkdir(path.dirname(output), { recursive: true });
  const partial = path.join(temporary, 'tfjs_binding.node');
  try {
    await runProgram([
      ...compiler, '-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${napiVersion}`, '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION',
      '-I..', '-Ideps/include', `-I${path.join(folder, 'node_modules', 'node-api-headers', 'include')}`, 'binding/tfjs_backend.cc', 'binding/tfjs_binding.cc', '-o', partial,
      '-Ldeps/lib', '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ], { cwd: home, signal, env: { ...process.env, TMPDIR: temporary } });
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw new RuntimeRefusal('compile', `${compiler.join(' ')} could not compile the binding.`, 'It needs C++17 and the C++ standard library (Debian: sudo apt install g++; Fedora: sudo dnf install gcc-c++). Name another compiler in CXX, and run the command again.', error.lastLines);
  }
  await rename(partial, output);
}
