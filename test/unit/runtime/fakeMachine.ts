/** A machine with npm, Python and a compiler that only pretend, and a small wheel: enough to build a runtime in a moment. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InstallEvent } from '../../../src/runtime/installMessages';
import { installRuntime, type InstallRequest, type InstallResult } from '../../../src/runtime/installRuntime';
import type { PinnedWheel, RuntimePlan } from '../../../src/runtime/pins';
import { findTools } from '../../../src/runtime/tools';

export const packageName = '@tensorflow/tfjs-node';

/** What unpacks wheels is Python's own zipfile, so a real one is needed for that. */
export const realPython = ['python3', 'python'].find(program => spawnSync(program, ['--version']).status === 0);

const makeWheel = `
import base64, hashlib, sys, zipfile
target, spoilt = sys.argv[1], sys.argv[2] == 'spoilt'
files = {'fake/libtensorflow_cc.so.2': b'library ' * 4096, 'fake/include/c_api.h': b'/* header */', 'fake/not_wanted.py': b'pass'}
line = lambda name, data: name + ',sha256=' + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=') + ',' + str(len(data))
with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as wheel:
    for name, data in files.items():
        wheel.writestr(name, data)
    wheel.writestr('fake-1.0.dist-info/RECORD', '\\n'.join(line(name, b'other' if spoilt else data) for name, data in files.items()))
`;

const scripts = {
  // Makes what a real installation leaves: the package, its sources, a file that the digest covers, a map that goes.
  npm: `case "$1" in --version) echo 10.0.0; exit 0;; esac
mkdir -p node_modules/${packageName}/binding node_modules/node-api-headers/include
echo '{"name":"${packageName}","version":"4.22.0","main":"index.js"}' > node_modules/${packageName}/package.json
echo 'module.exports = {}' > node_modules/${packageName}/index.js
echo '{}' > node_modules/${packageName}/index.js.map`,
  python3: `case "$*" in --version) echo Python 3.11.2; exit 0;; "-m pip --version") echo pip 24.0; exit 0;; esac
case "$*" in "-m pip download"*) while [ $# -gt 0 ]; do if [ "$1" = --dest ]; then cp "$HERE/index/"*.whl "$2"; fi; shift; done; exit 0;; esac
exec ${realPython ?? 'python3'} "$@"`,
  'g++': `case "$1" in --version) echo "g++ (fake) 1.0"; exit 0;; esac
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then echo binding > "$2"; fi; shift; done`,
  test: `test -f "$1/node_modules/${packageName}/lib/napi-v8/tfjs_binding.node" || { echo 'no binding' >&2; exit 1; }
echo '{"tensorflow":"2.21.0","tfjs":"4.22.0","usesGpu":false,"product":[17,39],"gradient":[2,4,6]}'`,
};
export type FakeProgram = keyof typeof scripts;

export class FakeMachine {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'efcp-runtime-'));
  readonly home = path.join(this.folder, 'home');
  readonly index = path.join(this.folder, 'index');
  readonly bin = path.join(this.folder, 'bin');
  readonly events: InstallEvent[] = [];
  plan: RuntimePlan;

  constructor() {
    for (const name of [this.index, this.bin]) mkdirSync(name);
    for (const name of Object.keys(scripts) as FakeProgram[]) this.program(name);
    this.plan = this.planWith(this.wheel());
  }

  /** Puts a program there: the usual one, or another that is given as a shell script. Every call of it is written down. */
  program(name: FakeProgram, script = scripts[name]): void {
    const file = path.join(this.bin, name);
    writeFileSync(file, `#!/bin/sh\nHERE='${this.folder}'\necho "${name} $*" >> '${this.calls}'\n${script}\n`);
    chmodSync(file, 0o755);
  }

  without(...names: readonly FakeProgram[]): void {
    for (const name of names) rmSync(path.join(this.bin, name));
  }

  /** How often a program was called with arguments that hold this text. */
  callsOf(text: string): number {
    return existsSync(this.calls) ? readFileSync(this.calls, 'utf8').split('\n').filter(line => line.includes(text)).length : 0;
  }

  wheel(kind: 'whole' | 'spoilt' = 'whole'): PinnedWheel {
    const file = 'fake-1.0-py3-none-any.whl';
    const place = path.join(this.index, file);
    execFileSync(realPython ?? 'python3', ['-c', makeWheel, place, kind]);
    const sha256 = createHash('sha256').update(readFileSync(place)).digest('hex');
    const rules = [['fake/(libtensorflow_cc\\.so\\.2)', 'lib/\\1'], ['fake/include/(.+)', 'include/\\1']] as const;
    return { project: 'fake', version: '1.0', file, bytes: statSync(place).size, sha256, unpacked: { rules, files: 2, bytes: 32780 } };
  }

  planWith(...wheels: readonly PinnedWheel[]): RuntimePlan {
    return { name: 'tensorflow-2.21.0-cpu', kind: 'cpu', packageName, tfjs: '4.22.0', tensorflow: '2.21.0', wheels, links: [['lib/also.so', 'libtensorflow_cc.so.2'], ['more', 'include']], packagesBytes: 1000, packagesPeakBytes: 2000 };
  }

  install(changes: Partial<InstallRequest> = {}): Promise<InstallResult> {
    this.events.length = 0;
    return installRuntime({
      plan: this.plan, home: this.home, signal: new AbortController().signal, report: event => { this.events.push(event); }, selfTest: [path.join(this.bin, 'test')],
      machine: { platform: 'linux', arch: 'x64', glibc: '2.36', nodeVersion: 'v20.0.0' }, findTools: () => this.tools(), ...changes,
    });
  }

  tools(env: NodeJS.ProcessEnv = {}): ReturnType<typeof findTools> {
    return findTools({ PATH: this.bin, ...env }, path.join(this.folder, 'node', 'node'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get calls(): string {
    return path.join(this.folder, 'calls');
  }
}
