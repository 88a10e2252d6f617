import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadBackend } from '../../../src/backends/loadBackend';
import { explainLoading, findWebgpu } from '../../../src/backends/webgpuPackage';
import { assets } from '../../support/assets';
import { scratchFolder } from '../host/scratch';

const found = { version: '0.9.9', entry: '/w/node_modules/webgpu/index.js', folder: '/w/node_modules/webgpu' };

describe('the package webgpu', () => {
  const workspace = scratchFolder();
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  after(() => loadBackend('cpu', { assets }));
  afterEach(() => { if (navigator === undefined) Reflect.deleteProperty(globalThis, 'navigator'); else Object.defineProperty(globalThis, 'navigator', navigator); });

  function install(code: string): string {
    const folder = path.join(workspace(), 'node_modules/webgpu');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'webgpu', version: '9.9.9', type: 'module', main: 'index.js' }));
    writeFileSync(path.join(folder, 'index.js'), code);
    return folder;
  }

  it('is taken from the workspace, else from beside us, and nothing is loaded to find it', () => {
    assert.match(findWebgpu({ assets, workspace: workspace() })?.folder ?? '', /node_modules.webgpu$/);
    const folder = install('throw new Error("loaded");');
    assert.deepEqual(findWebgpu({ assets, workspace: workspace() }), { version: '9.9.9', entry: path.join(folder, 'index.js'), folder });
    assert.equal(findWebgpu({ assets: workspace() })?.folder, folder);
  });

  it('is asked for where it is not', async () => {
    const nowhere = path.parse(workspace()).root;
    assert.equal(findWebgpu({ assets: nowhere }), undefined);
    await assert.rejects(loadBackend('webgpu', { assets: nowhere, workspace: undefined }), /package webgpu is neither in a workspace \(none is open\) nor beside EFCP Studio.*npm install webgpu/);
  });

  it('that finds no adapter ends in what is needed', async () => {
    install('export const globals = {}; export const create = () => ({ requestAdapter: async () => null });');
    await assert.rejects(loadBackend('webgpu', { assets, workspace: workspace() }), /WebGPU finds no adapter.*set "backend": "wasm"/);
  });

  it('that does not load says why', async () => {
    install('throw new Error("libstdc++.so.6: version `GLIBCXX_3.4.32\' not found (required by dawn.node)");');
    await assert.rejects(loadBackend('webgpu', { assets, workspace: workspace() }), /webgpu 9\.9\.9 in .* does not load: it needs GLIBCXX 3\.4\.32, which this system's libstdc\+\+ lacks/);
  });

  for (const [what, error, message] of [
    ['too old a glibc', new Error('/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38\' not found (required by /w/dawn.node)'), /it needs glibc 2\.38, but this system has 2\.36\. Use a newer system or an older version of the package/],
    ['a platform without files', Object.assign(new Error('Cannot find module \'../dist/linux-riscv64/dawn.node\''), { code: 'MODULE_NOT_FOUND' }), /it has no files for .*Install it again \(npm install webgpu\)/],
    ['anything else', new Error('wrong ELF class\nand more'), /does not load: wrong ELF class\. Install it again/],
  ] as const) {
    it(`explains ${what}`, () => {
      const explained = explainLoading(found, error, '2.36');
      assert.match(explained.message, message);
      assert.match(explained.message, /^webgpu 0\.9\.9 in .*webgpu does not load/);
      assert.equal(explained.cause, error);
    });
  }
});
