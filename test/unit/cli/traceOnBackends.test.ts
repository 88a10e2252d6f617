import assert from 'node:assert/strict';
import { engine } from '@tensorflow/tfjs-core';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { traceFile } from '../../../src/cli/trace';
import type { TraceBackend } from '../../../src/cli/traceBackend';
import { packs } from '../../../src/settings/devicePlacement';
import { deviceStateBytes } from '../../../src/settings/formulas/device';
import type { Settings } from '../../../src/settings/knobs';
import { onDevice, optimizers } from '../../../src/settings/optimizers';
import { resolveOptimizerSettings } from '../../../src/settings/optimizerSettings';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { addStateBytes } from '../../../src/settings/stateBytes';
import { assets } from '../../support/assets';
import { runCli } from '../../support/runCli';
import { onEachBackend } from '../device/backends';
import { normalVector, relativeDistance } from '../kernels/randomVector';

interface Trace {
  readonly parameters: readonly (readonly (readonly number[])[])[];
  readonly stateBytes: number;
  readonly stateBytesByPart: Readonly<Record<string, number>>;
}

const steps = 9;
const shapes = [{ name: 'kernel', shape: [13, 7] }, { name: 'empty', shape: [0, 3] }, { name: 'bias', shape: [7] }, { name: 'scale', shape: [] }];
const shared = { learningRate: 0.01, window: 4, density: 0.3, blockSize: 16, damping: 0.1, epsilon: 1e-4, weightDecay: 0.01 };
/** Of the parameters, and of what the steps have changed of them: see deviceOptimizer.test.ts. */
const [apartAtMost, movedAtMost] = [3e-7, 3e-6];

function problem(optimizer: string, settings: Partial<Settings>) {
  const { tensors } = parameterSpace(shapes);
  return {
    optimizer, settings: { ...shared, ...settings },
    parameters: tensors.map(({ name, shape, length }, index) => ({ name, shape, values: [...normalVector(length, index)] })),
    gradients: Array.from({ length: steps }, (_, step) => tensors.map(({ length }, index) => [...normalVector(length, 100 * (step + 1) + index)])),
  };
}

onEachBackend('cli: trace', backend => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-trace-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  const place = (name: string) => path.join(folder, name);
  const traced = async (input: ReturnType<typeof problem>, on: TraceBackend) => {
    writeFileSync(place('in.json'), JSON.stringify(input));
    await traceFile(place('in.json'), place('out.json'), on, { assets });
    return JSON.parse(readFileSync(place('out.json'), 'utf8')) as Trace;
  };

  for (const optimizer of onDevice) {
    for (const settings of [{}, { momentum: 0.5, schedule: 'cosine', clipNorm: 5 }] as const) {
      it(`${optimizer} ${JSON.stringify(settings)}: after every step what it is on the host, and the bytes the device holds`, async () => {
        const input = problem(optimizer, settings);
        const host = await traced(input, 'host');
        const tensorsBefore = engine().memory().numTensors;
        const device = await traced(input, backend);
        assert.equal(engine().memory().numTensors, tensorsBefore);
        assert.equal(device.parameters.length, steps);
        const start = input.parameters.flatMap(({ values }) => values);
        device.parameters.forEach((lists, step) => {
          assert.deepEqual(lists.map(({ length }) => length), shapes.map(({ shape }) => shape.reduce((product, side) => product * side, 1)));
          const [ours, expected] = [lists.flat(), host.parameters[step]!.flat()];
          const apart = relativeDistance(Float32Array.from(ours), Float32Array.from(expected));
          const moved = relativeDistance(Float64Array.from(ours, (value, at) => value - start[at]!), Float64Array.from(expected, (value, at) => value - start[at]!));
          assert.ok(apart < apartAtMost || moved < movedAtMost, `step ${step + 1}: ${apart} of the parameters, ${moved} of the steps`);
        });
        const { device: there, host: here } = deviceStateBytes(resolveOptimizerSettings(optimizer, input.settings), parameterSpace(shapes), backend);
        assert.deepEqual(device.stateBytesByPart, addStateBytes(there, here));
        assert.equal(device.stateBytes, Object.values(device.stateBytesByPart).reduce((sum, bytes) => sum + bytes, 0));
      });
    }
  }

  it('stays on the host, whatever the backend, unless the placement is the device', async () => {
    const input = problem('low-rank-mfac', {});
    const expected = await traced(input, 'host');
    const { code, stderr } = await runCli(['trace', '--input', 'in.json', '--output', 'out.json', '--backend', backend], folder);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(readFileSync(place('out.json'), 'utf8')), expected);
  });

  it('on the command line', async () => {
    const input = problem('sparse-mfac', {});
    const expected = await traced(input, backend);
    rmSync(place('out.json'));
    const { code, stdout, stderr } = await runCli(['trace', '--input', 'in.json', '--output', 'out.json', '--placement', 'device', '--backend', backend], folder);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^sparse-mfac: ${steps} steps, ${expected.stateBytes} bytes of state; trace written to out\\.json$`, 'm'));
    assert.deepEqual(JSON.parse(readFileSync(place('out.json'), 'utf8')), expected);
  });

  const refused: [optimizer: string, settings: Partial<Settings>, message: RegExp][] = optimizers.filter(name => !(onDevice as readonly string[]).includes(name))
    .map(name => [name, {}, new RegExp(`in\\.json: optimizer is "${name}", whose state cannot be held on the device; that of sgd, adamw.*write --placement host\\.`)]);
  if (!packs(backend)) {
    refused.push(['sparse-mfac', { valuePrecision: 'bfloat16' }, new RegExp(`in\\.json: valuePrecision is "bfloat16".*only the webgpu backend can hold, not ${backend}\\..*write --placement host\\.`)]);
    refused.push(['sparse-ggt', { errorFeedbackBits: 4 }, new RegExp(`in\\.json: errorFeedbackBits is 4.*not ${backend}\\. Set it to 32, or write --placement host\\.`)]);
  }
  for (const [optimizer, settings, message] of refused) {
    it(`refuses ${optimizer} ${JSON.stringify(settings)} by name, and writes nothing`, async () => {
      await assert.rejects(traced(problem(optimizer, settings), backend), message);
      assert.ok(!existsSync(place('out.json')));
    });
  }
});

describe('cli: trace where a backend does not start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-trace-'));
    writeFileSync(path.join(folder, 'in.json'), JSON.stringify(problem('sgd', {})));
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  const onCommandLine = (backend: string) => runCli(['trace', '--input', 'in.json', '--output', 'out.json', '--placement', 'device', '--backend', backend], folder);

  it('tensorflow: says what to install, or to stay on the host', async () => {
    const { code, stderr } = await onCommandLine('tensorflow');
    assert.equal(code, 2);
    assert.match(stderr, /^efcp: --backend is tensorflow, which does not start: .*tfjs-node is installed in .*Install one.*write --placement host\.$/m);
    assert.ok(!existsSync(path.join(folder, 'out.json')));
  });

  it('webgpu: names the package and how to get it, or to stay on the host', async () => {
    const nowhere = { assets: folder, workspace: folder };
    await assert.rejects(traceFile(path.join(folder, 'in.json'), path.join(folder, 'out.json'), 'webgpu', nowhere), /--backend is webgpu, which does not start: the npm package webgpu is neither in .* nor beside EFCP Studio\. Install it there: npm install webgpu\. Or write --placement host\./);
    assert.ok(!existsSync(path.join(folder, 'out.json')));
  });

  it('auto takes the embedded wasm where there is no tensorflow', async () => {
    const [auto, wasm] = [await onCommandLine('auto'), await onCommandLine('wasm')];
    assert.deepEqual([auto.code, auto.stderr], [0, '']);
    assert.equal(auto.stdout, wasm.stdout);
  });
});
