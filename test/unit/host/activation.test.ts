import assert from 'node:assert/strict';
import { build } from 'esbuild';

/** Bytes of source that may be run when the extension is activated; all the rest is loaded when it is needed. */
const budget = 40 * 1024;

describe('host: activation', () => {
  it('runs little code: no validation, no wire, no parser before they are needed', async () => {
    const { metafile } = await build({
      entryPoints: ['src/extension.ts'], bundle: true, splitting: true, format: 'esm', platform: 'node', mainFields: ['module', 'main'],
      external: ['vscode'], define: { EFCP_STUDIO_VERSION: '""' }, outdir: 'dist/test/activation', write: false, metafile: true, logLevel: 'silent',
    });
    const eager = new Map<string, number>();
    const visit = (file: string) => {
      const output = metafile.outputs[file];
      if (output === undefined) return;
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) eager.set(input, bytesInOutput);
      for (const imported of output.imports) if (imported.kind === 'import-statement') visit(imported.path);
    };
    visit(Object.keys(metafile.outputs).find(file => metafile.outputs[file]?.entryPoint === 'src/extension.ts')!);
    assert.ok(eager.has('src/extension.ts'));
    assert.deepEqual([...eager.keys()].filter(input => input.includes('node_modules')), []);
    const bytes = [...eager.values()].reduce((sum, size) => sum + size, 0);
    assert.ok(bytes < budget, `${bytes} bytes of code are loaded at once, of ${budget}`);
  });
});
