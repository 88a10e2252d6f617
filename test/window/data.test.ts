import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FetchMessage } from '../../src/data/fetch/fetchMessages';
import { collectErrors, eventually } from './studio';

describe('window: fetching a data set', () => {
  const errors = collectErrors();
  const informed: string[] = [];
  let folder: string;
  let informing: typeof vscode.window.showInformationMessage;
  const setting = () => vscode.workspace.getConfiguration('efcp');

  before(function () {
    if (process.platform === 'win32') this.skip(); // what stands in for Node is a shell script
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

  /** A Node that answers like one, and instead of our command line says this. */
  async function fakeNode(messages: readonly FetchMessage[], code: number): Promise<void> {
    const file = path.join(folder, 'node');
    const said = messages.map(message => `echo '${JSON.stringify(message)}'`).join('\n');
    writeFileSync(file, `#!/bin/sh\nif [ "$1" = -p ]; then echo '${file}'; echo v22.0.0; exit 0; fi\necho "$*" >> '${folder}/calls'\n${said}\nexit ${code}\n`);
    chmodSync(file, 0o755);
    await setting().update('nodePath', file, vscode.ConfigurationTarget.Global);
  }
  const started: FetchMessage = { type: 'started', name: 'mnist', title: 'Digits', licence: 'CC', folder: '/data/mnist', downloadBytes: 10 };

  it('is done by the command line, and said', async () => {
    await fakeNode([
      started, { type: 'file', file: 'a.gz', number: 1, files: 1, bytes: 10, done: false }, { type: 'progress', file: 'a.gz', doing: 'downloading', bytes: 5, totalBytes: 10 },
      { type: 'trouble', file: 'a.gz', message: 'a mirror was down' }, { type: 'finished', name: 'mnist', folder: '/data/mnist', bytes: 2 ** 20, alreadyThere: false, ms: 3 },
    ], 0);
    assert.equal(await vscode.commands.executeCommand('efcp.fetchData', { name: 'mnist' }), 'finished');
    assert.match(readFileSync(path.join(folder, 'calls'), 'utf8'), /cli\.js data fetch mnist --json$/m);
    assert.deepEqual(informed, ['mnist is fetched and checked (1.00 MiB). Runs with "data": "mnist" use it.']);
    assert.deepEqual(errors, []);
  });

  it('a refusal is shown with its remedy, and one that breaks off is no success', async () => {
    await fakeNode([started, { type: 'refused', code: 'network', what: 'a.gz cannot be fetched.', remedy: 'Put it into /data/mnist.', details: '' }], 1);
    assert.equal(await vscode.commands.executeCommand('efcp.fetchData', { name: 'mnist' }), 'refused');
    assert.deepEqual(errors, ['a.gz cannot be fetched. Put it into /data/mnist.']);
    await fakeNode([started], 9);
    assert.equal(await vscode.commands.executeCommand('efcp.fetchData', { name: 'mnist' }), 'refused');
    assert.match(errors.join(), /broke off \(exit code 9\)\. Look at the log/);
  });

  it('asks which, with sizes and licences, and begins nothing without an answer', async () => {
    const { showQuickPick } = vscode.window;
    let offered: readonly vscode.QuickPickItem[] | undefined;
    Object.assign(vscode.window, { showQuickPick: (items: readonly vscode.QuickPickItem[]) => { offered = items; return Promise.resolve(undefined); } });
    try {
      assert.equal(await vscode.commands.executeCommand('efcp.fetchData'), undefined);
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    const sizes = new Map((await eventually(() => offered)).map(({ label, description }) => [label, description]));
    // MRPC may be fetched by nobody.
    assert.deepEqual([...sizes.keys()], ['mnist', 'fashion-mnist', 'cifar-10', 'cola', 'sst-2', 'qqp', 'sts-b', 'mnli', 'qnli', 'rte', 'wnli']);
    assert.deepEqual(['mnist', 'cifar-10', 'mnli'].map(name => sizes.get(name)), ['downloads 11.1 MiB', 'downloads 162 MiB', 'downloads 298 MiB']);
  });
});
