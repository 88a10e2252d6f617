import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const onWindows = process.platform === 'win32';

/** What a user's program does: trains a model through compile and fit, then minimizes a function, and saves and restores. */
const program = `
async function main({ asTfOptimizer, createOptimizer, defaultsFor, decodeState, encodeState, loadThreads, optimizers }, tf, layers) {
  await tf.setBackend('cpu');
  const inputs = tf.tensor2d(Array.from({ length: 64 }, (_, at) => [Math.sin(at), Math.cos(3 * at)]));
  const targets = tf.square(tf.sum(inputs, 1, true));
  const model = layers.sequential({ layers: [layers.layers.dense({ units: 16, inputShape: [2], activation: 'tanh', kernelInitializer: layers.initializers.glorotUniform({ seed: 1 }) }), layers.layers.dense({ units: 1, kernelInitializer: layers.initializers.glorotUniform({ seed: 2 }) })] });
  model.compile({ optimizer: asTfOptimizer('sparse-mfac', { learningRate: 0.05, density: 0.3, window: 16 }), loss: 'meanSquaredError' });
  const { history } = await model.fit(inputs, targets, { epochs: 60, shuffle: false, verbose: 0 });

  const x = tf.variable(tf.tensor1d([3, -4]));
  const optimizer = asTfOptimizer('sparse-ggt', { learningRate: 1, density: 0.5 }, { compute: loadThreads(2) });
  const costs = Array.from({ length: 30 }, () => optimizer.minimize(() => tf.sum(tf.square(x)), true, [x]).dataSync()[0]);

  const parameters = [{ name: 'x', shape: [2], values: Float32Array.of(1, 2) }];
  const plain = createOptimizer({ ...defaultsFor('adamw'), learningRate: 0.1 }, parameters);
  plain.update(Float32Array.of(1, 1), parameters, 1);
  const file = encodeState(plain.save(1));
  const step = createOptimizer(decodeState(file).settings, parameters).restore(decodeState(file));
  console.log(JSON.stringify({ losses: history.loss, costs, step, count: optimizers.length, copies: asTfOptimizer('sgd') instanceof tf.Optimizer }));
}`;

const imports = { tf: '@tensorflow/tfjs-core', layers: '@tensorflow/tfjs-layers' };
const programs = {
  'program.cjs': `require('@tensorflow/tfjs-backend-cpu');${program}
    void main(require('efcp-studio/optimizers'), require('${imports.tf}'), require('${imports.layers}'));`,
  'program.mjs': `import '@tensorflow/tfjs-backend-cpu'; import * as layers from '${imports.layers}'; import * as tf from '${imports.tf}';
    import { asTfOptimizer, createOptimizer, decodeState, defaultsFor, encodeState, loadThreads, optimizers } from 'efcp-studio/optimizers';${program}
    await main({ asTfOptimizer, createOptimizer, decodeState, defaultsFor, encodeState, loadThreads, optimizers }, tf, layers);`,
};

/** Every line marked as an error must be one, so that a type that has become any is noticed. */
const typed = `
import { asTfOptimizer, createOptimizer, decodeState, defaultsFor, encodeState, optimizers, NonFiniteGradientError, type OptimizerName, type SavedState, type Settings } from 'efcp-studio/optimizers';
import type { Optimizer } from '@tensorflow/tfjs-core';
const settings: Settings = defaultsFor('sparse-mfac');
const optimizer = createOptimizer({ ...settings, density: 0.05 }, [{ name: 'w', shape: [2, 2] }]);
optimizer.update(optimizer.gradient, [{ name: 'w', shape: [2, 2], values: new Float32Array(4) }], 1);
const saved: SavedState = decodeState(encodeState(optimizer.save(1)));
const step: number = optimizer.restore(saved);
const forTf: Optimizer = asTfOptimizer('micro-adam', { learningRate: 1e-3, groups: [{ match: tensor => tensor.shape.length === 1, weightDecay: 0 }] });
asTfOptimizer('sgd').change({ learningRate: step });
const names: readonly OptimizerName[] = optimizers;
const bytes: number | undefined = optimizer.stateBytes().windowValues;
// @ts-expect-error
asTfOptimizer('adagrad');
// @ts-expect-error
asTfOptimizer('sgd', { densty: 0.1 });
// @ts-expect-error
asTfOptimizer('sgd', { epochs: 3 });
// @ts-expect-error
createOptimizer({ density: 0.1 }, []);
// @ts-expect-error
optimizer.update([1], [], 1);
// @ts-expect-error
optimizer.change({ density: '0.1' });
// @ts-expect-error
const none: string = new NonFiniteGradientError('w', 1, '').entries;
export { forTf, names, bytes, none };
`;

describe('package: efcp-studio/optimizers', function () {
  this.timeout(60_000);
  let folder: string;
  let files: readonly string[];
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-package-'));
    const npm = await run(onWindows ? 'npm.cmd' : 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { shell: onWindows });
    const [{ filename, files: packed }] = JSON.parse(npm.stdout) as [{ filename: string; files: { path: string }[] }];
    files = packed.map(file => file.path);
    await run('tar', ['-xzf', filename], { cwd: folder });
    const modules = path.join(folder, 'node_modules');
    mkdirSync(modules);
    renameSync(path.join(folder, 'package'), path.join(modules, 'efcp-studio'));
    symlinkSync(path.resolve('node_modules/@tensorflow'), path.join(modules, '@tensorflow'), 'junction');
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  for (const [name, text] of Object.entries(programs)) {
    it(`${name} trains with it, on its own TensorFlow.js`, async () => {
      writeFileSync(path.join(folder, name), text);
      const { stdout } = await run(process.execPath, [name], { cwd: folder });
      const { losses, costs, step, count, copies } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { losses: number[]; costs: number[]; step: number; count: number; copies: boolean };
      assert.ok(losses.at(-1)! < 0.2 * losses[0]!, `loss fell from ${losses[0]} to ${losses.at(-1)}`);
      assert.ok(costs.at(-1)! < 0.2 * costs[0]!, `cost fell from ${costs[0]} to ${costs.at(-1)}`);
      assert.deepEqual([step, count > 10, copies], [1, true, true]);
    });
  }

  it('compiles against its declarations from either kind of module, and what is wrong does not', async () => {
    const files = ['typed.mts', 'typed.cts'];
    for (const file of files) writeFileSync(path.join(folder, file), typed);
    const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, target: 'es2022', module: 'node16', moduleResolution: 'node16', types: [] };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const compiled = await run(process.execPath, [path.resolve('node_modules/typescript/bin/tsc')], { cwd: folder }).catch((error: unknown) => error as { stdout: string });
    assert.equal(compiled.stdout, '');
  });

  it('exports nothing else but its package.json', async () => {
    const { exports, main, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown>; main: string; bin: Record<string, string> };
    assert.deepEqual(Object.keys(exports), ['./optimizers', './package.json']);
    writeFileSync(path.join(folder, 'other.cjs'), `for (const name of ['efcp-studio', 'efcp-studio/dist/cli.js']) { try { require(name); console.log(name); } catch (error) { console.log(error.code); } } console.log(require('efcp-studio/package.json').name);`);
    const { stdout } = await run(process.execPath, ['other.cjs'], { cwd: folder });
    assert.deepEqual(stdout.trim().split('\n'), ['ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'efcp-studio']);
    assert.ok(Object.values(bin).every(file => files.includes(path.posix.normalize(file))));
    assert.ok(existsSync(main));
  });

  it('holds what its parts read, and no source, test or map', () => {
    for (const file of ['README.md', 'LICENSE', 'dist/optimizers.js', 'dist/cli.js', 'dist/kernelWorker.js', 'dist/gradientWorker.js', 'dist/wasm/kernels.wasm', 'dist/digits/images.idx3-ubyte', 'dist/messages/messages.json', 'dist/types/library/optimizers/public.d.ts']) assert.ok(files.includes(file), file);
    assert.deepEqual(files.filter(file => /^(src|test|webview|node_modules|dist\/(test|webview|extension))|\.map$|tsbuildinfo/.test(file)), []);
  });

  it('is no part of the extension, which has what its trainer reads', async () => {
    const { stdout } = await run(process.execPath, [path.resolve('node_modules/@vscode/vsce/vsce'), 'ls', '--no-dependencies']);
    const shipped = stdout.trim().split('\n');
    for (const file of ['dist/extension.js', 'dist/trainer.js', 'dist/kernelWorker.js', 'dist/gradientWorker.js', 'dist/wasm/kernels.wasm']) assert.ok(shipped.includes(file), file);
    assert.deepEqual(shipped.filter(file => /optimizers|types|\.map$|npmignore/.test(file)), []);
  });

  it('declares what its declarations import', () => {
    const { dependencies = {}, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies?: Record<string, string>; peerDependencies: Record<string, string> };
    const library = path.join(folder, 'node_modules/efcp-studio/dist/optimizers.js');
    const required = [...readFileSync(library, 'utf8').matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name!).filter(name => !name.startsWith('node:'));
    assert.deepEqual([...new Set(required)], ['@tensorflow/tfjs-core']);
    assert.ok('@tensorflow/tfjs-core' in { ...dependencies, ...peerDependencies });
    assert.ok(readdirSync(path.join(folder, 'node_modules/efcp-studio/dist/types')).length === 1);
  });
});
