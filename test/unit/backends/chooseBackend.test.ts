import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { version_core as version } from '@tensorflow/tfjs-core';
import { chooseBackend } from '../../../src/backends/chooseBackend';
import { assets } from '../../support/assets';

/** Registers a backend named tensorflow with the engine that every copy of TensorFlow.js shares, as tfjs-node does. */
const registering = "globalThis._tfengine.registerBackend('tensorflow', () => globalThis._tfengine.findBackend('cpu'));";

describe('backends: choice', () => {
  let workspace: string;
  beforeEach(async () => {
    await chooseBackend('cpu', { assets });
    workspace = mkdtempSync(path.join(tmpdir(), 'efcp-workspace-'));
  });
  afterEach(async () => {
    await chooseBackend('cpu', { assets });
    rmSync(workspace, { recursive: true });
  });

  function install(name: string, code: string, installedVersion: string = version): void {
    const folder = path.join(workspace, 'node_modules', '@tensorflow', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, version: installedVersion, main: 'index.js' }));
    writeFileSync(path.join(folder, 'index.js'), code);
  }

  it('auto is the embedded wasm in a workspace without TensorFlow', async () => {
    const backend = await chooseBackend('auto', { assets, workspace });
    assert.equal(backend.name, 'wasm');
    assert.match(backend.reason, /no @tensorflow\/tfjs-node-gpu or tfjs-node/);
  });

  for (const name of ['tfjs-node', 'tfjs-node-gpu']) {
    it(`auto takes ${name} where the workspace has it`, async () => {
      install(name, registering);
      const backend = await chooseBackend('auto', { assets, workspace });
      assert.equal(backend.name, 'tensorflow');
      assert.equal(backend.version, version);
      assert.match(backend.reason, new RegExp(`@tensorflow/${name} `));
      assert.equal(backend.memory, undefined);
    });
  }

  it('prefers the GPU package', async () => {
    install('tfjs-node', registering);
    install('tfjs-node-gpu', registering);
    assert.match((await chooseBackend('tensorflow', { assets, workspace })).reason, /tfjs-node-gpu/);
  });

  it('auto falls back, and says why, when the package does not load', async () => {
    install('tfjs-node-gpu', "throw new Error('libcudart.so.11.0: cannot open shared object file')");
    const backend = await chooseBackend('auto', { assets, workspace });
    assert.equal(backend.name, 'wasm');
    assert.match(backend.reason, /does not load: libcudart.*Reinstall it for this Node/);
    await assert.rejects(chooseBackend('tensorflow', { assets, workspace }), /libcudart/);
  });

  it('refuses another major version', async () => {
    install('tfjs-node', registering, '3.21.0');
    await assert.rejects(chooseBackend('tensorflow', { assets, workspace }), /3\.21\.0 in the workspace does not fit TensorFlow\.js 4/);
  });

  it('says what to install when tensorflow is asked for and absent', async () => {
    await assert.rejects(chooseBackend('tensorflow', { assets, workspace }), /neither .* is installed in .*Install one there, or set "backend": "wasm"/);
    await assert.rejects(chooseBackend('tensorflow', { assets }), /none is open/);
  });
});
