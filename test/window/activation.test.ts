import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../src/host/commandIds';
import { extension } from './studio';

describe('window: activation', () => {
  it('registers every command', async () => {
    await extension.activate();
    const there = await vscode.commands.getCommands(true);
    assert.deepEqual(commandIds.filter(id => !there.includes(id)), []);
  });

  it('reports how long it took', async () => {
    const { activationMs } = await extension.activate();
    const main = path.join(extension.extensionPath, 'dist/extension.js');
    const require = createRequire(main);
    const loaded = require.cache[main];
    Reflect.deleteProperty(require.cache, main); // load the code once more, to time that too; the system has the file in memory by now
    const began = performance.now();
    require(main);
    const loadMs = performance.now() - began;
    require.cache[main] = loaded;
    console.log(`      loading again ${loadMs.toFixed(1)} ms, activating ${activationMs.toFixed(1)} ms`);
    assert.ok(activationMs > 0);
  });
});
