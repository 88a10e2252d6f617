// Builds the tests that @tensorflow/tfjs-core publishes into one program, together with the backend they are to test.
import esbuild from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const dist = 'node_modules/@tensorflow/tfjs-core/dist';
/** Folders and files of tests that run kernels. The others test the engine's own parts, browsers, or downloads. */
const tested = ['ops', 'optimizers', 'buffer_test.js', 'gradients_test.js', 'tensor_test.js', 'variable_test.js'];

export async function bundleTests(outfile) {
  if (!existsSync(dist)) throw new Error(`${dist} is missing. Run npm install.`);
  const files = tested.flatMap(name => name.endsWith('.js') ? [name] : readdirSync(path.join(dist, name), { recursive: true }).map(file => path.join(name, file))).filter(file => file.endsWith('_test.js')).sort();
  // Before each file stands a module that says which one its suites belong to.
  const contents = ["import './environment.mjs';", ...files.flatMap(file => [`import 'file:${file}';`, `import '${path.resolve(dist, file)}';`])].join('\n');
  await esbuild.build({
    bundle: true, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'], logLevel: 'error', outfile,
    // The package says that its tests have no side effects, and they would be left out.
    ignoreAnnotations: true,
    stdin: { contents, resolveDir: 'test/tfjs', sourcefile: 'tfjsTests.mjs' },
    plugins: [{ name: 'test files', setup: build => {
      build.onResolve({ filter: /^file:/ }, ({ path: name }) => ({ path: name.slice(5), namespace: 'test-file', sideEffects: true }));
      build.onLoad({ filter: /.*/, namespace: 'test-file' }, ({ path: name }) => ({ contents: `globalThis.testFile = ${JSON.stringify(name)};` }));
    } }],
  });
}
