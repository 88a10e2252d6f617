import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { InstallResult } from '../../../src/runtime/installRuntime';
import { RuntimeRefusal, type RefusalCode } from '../../../src/runtime/refusal';
import { readRuntimes } from '../../../src/runtime/runtimeRecord';
import { FakeMachine, realPython } from './fakeMachine';

const machine = { platform: 'linux', arch: 'x64', glibc: '2.36', nodeVersion: 'v20.0.0' } as const;

/** What is wrong, how it comes about, and what the refusal must say: the reason and the remedy. */
const refusals: readonly { readonly it: string; readonly code: RefusalCode; readonly says: readonly RegExp[]; readonly attempt: (fake: FakeMachine) => Promise<InstallResult> }[] = [
  { it: 'Windows', code: 'platform', says: [/win32 on x64/, /"webgpu" for a GPU, or the embedded "wasm"/], attempt: fake => fake.install({ machine: { ...machine, platform: 'win32' } }) },
  { it: 'another processor', code: 'platform', says: [/linux on arm64/], attempt: fake => fake.install({ machine: { ...machine, arch: 'arm64' } }) },
  { it: 'another C library', code: 'platform', says: [/GNU C library/, /wasm/], attempt: fake => fake.install({ machine: { ...machine, glibc: undefined } }) },
  { it: 'an old C library', code: 'platform', says: [/version 2\.17 .* 2\.27 or later/], attempt: fake => fake.install({ machine: { ...machine, glibc: '2.17' } }) },
  { it: 'an old Node', code: 'node', says: [/Node v18\.1\.0/, /20 or later/, /Install a newer Node/], attempt: fake => fake.install({ machine: { ...machine, nodeVersion: 'v18.1.0' } }) },
  { it: 'no npm', code: 'npm', says: [/no npm/, /apt install npm/, /dnf install npm/], attempt: fake => (fake.without('npm'), fake.install()) },
  { it: 'no Python', code: 'python', says: [/no python3 on the PATH/, /apt install python3/, /EFCP_PYTHON/], attempt: fake => (fake.without('python3'), fake.install()) },
  { it: 'a Python that is named and is none', code: 'python', says: [/EFCP_PYTHON is "\/nowhere"/], attempt: fake => fake.install({ findTools: () => fake.tools({ EFCP_PYTHON: '/nowhere' }) }) },
  { it: 'Python without pip', code: 'pip', says: [/python3 has no pip/, /apt install python3-pip/, /dnf install python3-pip/], attempt: fake => (fake.program('python3', 'case "$1" in --version) echo Python 3.9.1;; *) exit 1;; esac'), fake.install()) },
  { it: 'no compiler', code: 'compiler', says: [/no C\+\+ compiler/, /apt install g\+\+/, /dnf install gcc-c\+\+/], attempt: fake => (fake.without('g++'), fake.install()) },
  { it: 'a compiler that is named and is none', code: 'compiler', says: [/CXX is "nothing"/], attempt: fake => fake.install({ findTools: () => fake.tools({ CXX: 'nothing' }) }) },
  { it: 'a home that cannot be made', code: 'permission', says: [/cannot be made/, /EFCP_RUNTIME_HOME/], attempt: fake => (writeFileSync(fake.home, ''), fake.install()) },
  {
    it: 'too little space, with the figure needed', code: 'space', says: [/needs 909 TiB in .*, where .* are free/, /Make room, or name a folder on another disk in EFCP_RUNTIME_HOME/],
    attempt: fake => { const wheel = fake.wheel(); return fake.install({ plan: fake.planWith({ ...wheel, unpacked: { ...wheel.unpacked, bytes: 1e15 } }) }); },
  },
  { it: 'npm without a connection', code: 'packages', says: [/npm could not install @tensorflow\/tfjs-node/, /Check the connection/, /npm error code ENOTFOUND/], attempt: fake => (fake.program('npm', 'test "$1" = --version && exit 0; echo "npm error code ENOTFOUND" >&2; exit 1'), fake.install()) },
  { it: 'npm that gets another file', code: 'packages', says: [/do not use it/, /EINTEGRITY/], attempt: fake => (fake.program('npm', 'test "$1" = --version && exit 0; echo "npm error code EINTEGRITY" >&2; exit 1'), fake.install()) },
  { it: 'pip without a connection', code: 'download', says: [/pip could not download fake 1\.0/, /--from/, /Failed to establish a new connection/], attempt: fake => (failingPip(fake, 'Failed to establish a new connection'), fake.install()) },
  { it: 'pip on a full disk', code: 'download', says: [/Make room, on the disk of pip's cache too/], attempt: fake => (failingPip(fake, 'OSError: [Errno 28] No space left on device'), fake.install()) },
  { it: 'pip that finds no such wheel', code: 'download', says: [/newer pip may help/, /No matching distribution/], attempt: fake => (failingPip(fake, 'ERROR: No matching distribution found'), fake.install()) },
  { it: 'a wheel that is not the pinned one', code: 'checksum', says: [/SHA-256 [0-9a-f]{64}, but 0{64} is expected/, /do not use it/], attempt: fake => fake.install({ plan: fake.planWith({ ...fake.wheel(), sha256: '0'.repeat(64) }) }) },
  { it: 'a wheel whose files are not those of its RECORD', code: 'unpack', says: [/cannot be unpacked/, /libtensorflow_cc\.so\.2 is not what RECORD says/], attempt: fake => fake.install({ plan: fake.planWith(fake.wheel('spoilt')) }) },
  { it: 'a wheel that lacks files', code: 'unpack', says: [/gave 2 files where 3 were expected/], attempt: fake => { const wheel = fake.wheel(); return fake.install({ plan: fake.planWith({ ...wheel, unpacked: { ...wheel.unpacked, files: 3 } }) }); } },
  { it: 'a folder without the wheel', code: 'download', says: [/does not hold fake-1\.0/, /leave --from out/], attempt: fake => fake.install({ from: fake.bin }) },
  { it: 'a folder with another wheel of that name', code: 'checksum', says: [/is expected/, /published file/], attempt: fake => fake.install({ from: fake.index, plan: fake.planWith({ ...fake.wheel(), sha256: '0'.repeat(64) }) }) },
  { it: 'sources that do not compile', code: 'compile', says: [/could not compile the binding/, /apt install g\+\+/, /cstdint: No such file/], attempt: fake => (fake.program('g++', 'test "$1" = --version && exit 0; echo "fatal error: cstdint: No such file" >&2; exit 1'), fake.install()) },
  { it: 'a runtime that does not load', code: 'test', says: [/does not load/, /not used/, /GLIBCXX_3\.4\.32/], attempt: fake => (fake.program('test', 'echo "version GLIBCXX_3.4.32 not found" >&2; exit 1'), fake.install()) },
  { it: 'a runtime that computes wrongly', code: 'test', says: [/computes wrongly/], attempt: fake => (fake.program('test', 'echo \'{"tensorflow":"2.21.0","product":[17,40],"gradient":[2,4,6]}\''), fake.install()) },
  { it: 'a runtime that is another TensorFlow', code: 'test', says: [/TensorFlow 2\.9\.1 instead of 2\.21\.0/], attempt: fake => (fake.program('test', 'echo \'{"tensorflow":"2.9.1","product":[17,39],"gradient":[2,4,6]}\''), fake.install()) },
];

function failingPip(fake: FakeMachine, words: string): void {
  fake.program('python3', `case "$*" in --version) echo Python 3.11.2;; "-m pip --version") echo pip 24;; *) echo "${words}" >&2; exit 1;; esac`);
}

describe('runtime: refusals, each with its remedy', () => {
  let fake: FakeMachine;
  before(function () {
    if (realPython === undefined || process.platform === 'win32') this.skip();
  });
  beforeEach(() => { fake = new FakeMachine(); });
  afterEach(() => fake.remove());

  for (const { it: what, code, says, attempt } of refusals) {
    it(what, async () => {
      await assert.rejects(attempt(fake), (error: unknown) => {
        assert.ok(error instanceof RuntimeRefusal, String(error));
        assert.equal(error.code, code);
        for (const pattern of says) assert.match(error.message, pattern);
        assert.ok(error.remedy !== '');
        return true;
      });
      assert.deepEqual(readRuntimes(fake.home), { runtimes: [], unreadable: [] }, 'nothing is found');
      assert.ok(!existsSync(path.join(fake.home, '.lock')), 'the lock is released');
    });
  }
});
