import assert from 'node:assert/strict';
import { build } from 'esbuild';

describe('webview: what the panel bundles', () => {
  it('validates nothing: the library for that makes code from text, which the policy of a webview forbids', async () => {
    const entry = 'webview/main.ts';
    const { metafile } = await build({ entryPoints: [entry], bundle: true, platform: 'browser', format: 'iife', outdir: 'dist/test/webview', write: false, metafile: true, logLevel: 'silent' });
    const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs).filter(input => inputs[input]!.bytesInOutput > 0));
    assert.ok(used.includes(entry));
    assert.deepEqual(used.filter(input => input.startsWith('node_modules/zod/')), []);
  });
});
