import assert from 'node:assert/strict';
import { version_core as version } from '@tensorflow/tfjs-core';
import { BackendError } from '../../../src/backends/backendError';
import { candidatesAt } from '../../../src/backends/candidates';
import { loadBackend } from '../../../src/backends/loadBackend';
import { assets } from '../../support/assets';
import { registering, FakeWorkspace } from '../../support/fakeWorkspace';

describe('backends: loading the one that is named', () => {
  let workspace: FakeWorkspace;
  beforeEach(async () => {
    await loadBackend('cpu', { assets });
    workspace = new FakeWorkspace();
  });
  afterEach(async () => {
    await loadBackend('cpu', { assets });
    workspace.remove();
  });
  const load = (name: 'tensorflow' | 'wasm') => loadBackend(name, { assets, workspace: workspace.folder });

  for (const name of ['tfjs-node', 'tfjs-node-gpu']) {
    it(`tensorflow is ${name} where the workspace has it`, async () => {
      workspace.install(name, registering);
      const backend = await load('tensorflow');
      assert.equal(backend.name, 'tensorflow');
      assert.equal(backend.version, version);
      assert.match(backend.reason, new RegExp(`@tensorflow/${name} `));
      assert.equal(backend.memory, undefined);
    });
  }

  it('prefers the GPU package', async () => {
    workspace.install('tfjs-node', registering);
    workspace.install('tfjs-node-gpu', registering);
    assert.match((await load('tensorflow')).reason, /tfjs-node-gpu/);
  });

  it('says what is wrong with a package that does not load, and what to do', async () => {
    workspace.install('tfjs-node-gpu', "throw new Error('libcudart.so.11.0: cannot open shared object file')");
    await assert.rejects(load('tensorflow'), (error: unknown) => error instanceof BackendError && error.backend === 'tensorflow' && /does not load: libcudart.*Reinstall it for this Node/.test(error.message));
  });

  it('refuses another major version', async () => {
    workspace.install('tfjs-node', registering, '3.21.0');
    await assert.rejects(load('tensorflow'), /3\.21\.0 in the workspace does not fit TensorFlow\.js 4/);
  });

  it('says what to install when tensorflow is asked for and absent', async () => {
    await assert.rejects(load('tensorflow'), /neither .* is installed in .*no managed runtime\. Install one .*, or set "backend": "wasm"/);
    await assert.rejects(loadBackend('tensorflow', { assets }), /none is open/);
  });

  it('finds candidates without loading them, and tells one installation from another', () => {
    const names = () => candidatesAt({ assets: '/', workspace: workspace.folder }).map(({ name }) => name);
    assert.deepEqual(names(), ['wasm']);
    workspace.install('tfjs-node', "throw new Error('loaded')");
    assert.deepEqual(names(), ['tensorflow', 'wasm']);
    const [before] = candidatesAt({ assets: '/', workspace: workspace.folder });
    workspace.install('tfjs-node', '// another', '4.21.0');
    assert.notEqual(candidatesAt({ assets: '/', workspace: workspace.folder })[0]?.identity, before?.identity);
  });
});
