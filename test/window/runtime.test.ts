import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { InstallMessage } from '../../src/runtime/installMessages';
import { collectErrors, eventually } from './studio';

const onWindows = process.platform === 'win32';

describe('window: the TensorFlow runtime', () => {
  const errors = collectErrors();
  const informed: string[] = [];
  let folder: string;
  let informing: typeof vscode.window.showInformationMessage;
  const setting = () => vscode.workspace.getConfiguration('efcp');

  before(function () {
    if (onWindows) this.skip(); // what stands in for Node is a shell script
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-fake-'));
    informed.length = 0;
    informing = vscode.window.showInformationMessage;
    Object.assign(vscode.window, { showInformationMessage: (message: string) => { informed.push(message); return Promise.resolve(undefined); } });
  });
  afterEach(async () => {
    Object.assign(vscode.window, { showInformationMessage: informing });
    await setting().update('nodePath', undefined, vscode.ConfigurationTarget.Global);
    rmSync(folder, { recursive: true, force: true });
  });

  /** A Node that answers like one, and instead of our command line runs a shell script. */
  async function fakeNode(script: string): Promise<void> {
    const file = path.join(folder, 'node');
    writeFileSync(file, `#!/bin/sh\nif [ "$1" = -p ]; then echo '${file}'; echo v22.0.0; exit 0; fi\necho "$*" >> '${folder}/calls'\n${script}\n`);
    chmodSync(file, 0o755);
    await setting().update('nodePath', file, vscode.ConfigurationTarget.Global);
  }
  const calls = () => readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n').map(line => line.replace(/^\S+cli\.js /, ''));
  const says = (...messages: readonly InstallMessage[]) => messages.map(message => `echo '${JSON.stringify(message)}'`).join('\n');
  const started: InstallMessage = { type: 'started', name: 'tensorflow-2.21.0-gpu', folder: '/runtimes/tensorflow-2.21.0-gpu', steps: 2, downloadBytes: 1, installedBytes: 1 };

  it('is built by the command line, and what it computes on is said', async () => {
    const finished: InstallMessage = { type: 'finished', alreadyThere: false, ms: 1, test: { usesGpu: true, device: 'NVIDIA H100' }, runtime: { name: started.name, kind: 'gpu', folder: started.folder, bytes: 2 ** 32, tensorflow: '2.21.0' } };
    await fakeNode(says(started, { type: 'step', step: 1, steps: 2, title: 'Install', done: false }, { type: 'progress', step: 1, doing: 'downloading', bytes: 1, totalBytes: 2 }, finished));
    assert.equal(await vscode.commands.executeCommand('efcp.installRuntime', { kind: 'gpu' }), 'finished');
    assert.deepEqual(calls(), ['runtime install --gpu --json']);
    assert.deepEqual(informed, ['TensorFlow 2.21.0 is installed (4.00 GiB) and computes on NVIDIA H100. Runs with "backend": "tensorflow" use it.']);
    assert.deepEqual(errors, []);
  });

  it('a refusal is shown with its remedy', async () => {
    await fakeNode(`${says({ type: 'refused', code: 'compiler', what: 'There is no C++ compiler.', remedy: 'Install one.', details: '' })}\nexit 1`);
    assert.equal(await vscode.commands.executeCommand('efcp.installRuntime', { kind: 'cpu' }), 'refused');
    assert.deepEqual(errors, ['There is no C++ compiler. Install one.']);
  });

  it('an installation that breaks off is no success', async () => {
    await fakeNode(`${says(started)}\necho "out of memory" >&2\nexit 9`);
    assert.equal(await vscode.commands.executeCommand('efcp.installRuntime', { kind: 'cpu' }), 'refused');
    assert.match(errors.join(), /broke off \(exit code 9\)\. Look at the log/);
  });

  it('the real command line refuses, in the editor too, where there is no Python', async () => {
    process.env['EFCP_PYTHON'] = path.join(folder, 'no-python');
    process.env['EFCP_RUNTIME_HOME'] = path.join(folder, 'home');
    try {
      const ended = await vscode.commands.executeCommand('efcp.installRuntime', { kind: 'cpu' });
      assert.equal(ended, 'refused');
      assert.match(errors.join(), process.platform === 'linux' && process.arch === 'x64' ? /EFCP_PYTHON is .*no Python 3.*Install one with pip/ : /Linux on x64 only/);
    } finally {
      for (const name of ['EFCP_PYTHON', 'EFCP_RUNTIME_HOME']) Reflect.deleteProperty(process.env, name);
    }
  });

  it('is removed by name', async () => {
    await fakeNode(`case "$*" in *list*) echo '{"runtimes":[{"name":"tensorflow-2.21.0-cpu","bytes":1}],"unreadable":[],"unfinished":[]}';; *) echo '{"removed":[]}';; esac`);
    assert.equal(await vscode.commands.executeCommand('efcp.removeRuntime', { name: 'tensorflow-2.21.0-cpu' }), 'tensorflow-2.21.0-cpu');
    assert.deepEqual(calls(), ['runtime list --json', 'runtime remove tensorflow-2.21.0-cpu --json']);
  });

  it('where there is none, that is said', async () => {
    await fakeNode('echo \'{"runtimes":[],"unreadable":[],"unfinished":[]}\'');
    assert.equal(await vscode.commands.executeCommand('efcp.removeRuntime'), undefined);
    assert.match(informed.join(), /No TensorFlow runtime is installed/);
  });

  it('asks which, with the sizes, and begins nothing without an answer', async () => {
    await fakeNode('exit 1');
    const { showQuickPick } = vscode.window;
    let offered: readonly vscode.QuickPickItem[] | undefined;
    Object.assign(vscode.window, { showQuickPick: (items: readonly vscode.QuickPickItem[]) => { offered = items; return Promise.resolve(undefined); } });
    try {
      assert.equal(await vscode.commands.executeCommand('efcp.installRuntime'), undefined);
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    const descriptions = (await eventually(() => offered)).map(({ description }) => description ?? '');
    assert.equal(descriptions.length, 2);
    for (const description of descriptions) assert.match(description, /^downloads [\d.]+ [MG]iB, keeps [\d.,]+ [MG]iB$/);
    assert.ok(!existsSync(path.join(folder, 'calls')), 'nothing was started');
  });
});
