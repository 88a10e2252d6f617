import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import util from 'node:util';
import { computingGpu, nvidiaGpus, parseGpus } from '../../../src/backends/gpus';
import { explainAbsence, findTensorFlow, listTensorFlow } from '../../../src/backends/tensorflow/findTensorFlow';
import { restoreLegacyUtil } from '../../../src/backends/tensorflow/legacyUtil';
import type { RuntimeRecord } from '../../../src/runtime/runtimeRecord';

describe('backends: finding TensorFlow', () => {
  let workspace: string;
  let runtimes: string;
  beforeEach(() => {
    workspace = mkdtempSync(path.join(tmpdir(), 'efcp-workspace-'));
    runtimes = mkdtempSync(path.join(tmpdir(), 'efcp-runtimes-'));
  });
  afterEach(() => { for (const folder of [workspace, runtimes]) rmSync(folder, { recursive: true }); });

  function install(folder: string, name: string): void {
    const home = path.join(folder, 'node_modules', '@tensorflow', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, version: '4.22.0', main: 'index.js' }));
    writeFileSync(path.join(home, 'index.js'), '');
  }

  function runtime(name: string, kind: 'cpu' | 'gpu', createdAt = '2026-01-01'): void {
    const packageName = kind === 'gpu' ? 'tfjs-node-gpu' : 'tfjs-node';
    install(path.join(runtimes, name), packageName);
    const record: RuntimeRecord = { version: 1, name, kind, packageName: `@tensorflow/${packageName}`, tfjs: '4.22.0', tensorflow: '2.21.0', createdAt, studio: '', node: '', compiler: '', bytes: 1, natives: [], packagesSha256: '' };
    writeFileSync(path.join(runtimes, name, 'runtime.json'), JSON.stringify(record));
  }

  it('the workspace comes first, and in each place the one for a GPU; of two runtimes the newer', () => {
    assert.equal(findTensorFlow({ workspace, runtimes }), undefined);
    runtime('old-cpu', 'cpu');
    runtime('new-cpu', 'cpu', '2026-02-01');
    assert.equal(findTensorFlow({ workspace, runtimes })?.where, 'the managed runtime new-cpu');
    runtime('a-gpu', 'gpu');
    install(workspace, 'tfjs-node');
    install(workspace, 'tfjs-node-gpu');
    const all = listTensorFlow({ workspace, runtimes });
    assert.deepEqual(all.map(({ where, isGpuBuild }) => [where, isGpuBuild]), [
      ['the workspace', true], ['the workspace', false], ['the managed runtime a-gpu', true], ['the managed runtime new-cpu', false], ['the managed runtime old-cpu', false],
    ]);
    assert.equal(findTensorFlow({ workspace, runtimes })?.packageName, '@tensorflow/tfjs-node-gpu');
    assert.deepEqual(all.map(found => found.runtime?.name), [undefined, undefined, 'a-gpu', 'new-cpu', 'old-cpu']);
  });

  it('what is being built, and what has no record, is passed over', () => {
    runtime('.staging-x', 'cpu');
    install(path.join(runtimes, 'half'), 'tfjs-node');
    assert.deepEqual(listTensorFlow({ runtimes }), []);
    assert.match(explainAbsence({}), /a workspace \(none is open\), and there is no managed runtime\. Install one \(efcp runtime install/);
  });
});

describe('backends: functions that Node 23 removed', () => {
  it('are put back, and left where they are', () => {
    const legacy = util as unknown as Record<string, unknown>;
    const before = { isNullOrUndefined: legacy['isNullOrUndefined'], isArray: legacy['isArray'] };
    try {
      for (const name of Object.keys(before)) Reflect.deleteProperty(legacy, name);
      restoreLegacyUtil();
      const { isNullOrUndefined, isArray } = legacy as Record<string, (value: unknown) => boolean>;
      assert.deepEqual([null, undefined, 0, ''].map(isNullOrUndefined!), [true, true, false, false]);
      assert.deepEqual([[], {}].map(isArray!), [true, false]);
      restoreLegacyUtil();
      assert.equal(legacy['isArray'], isArray);
    } finally {
      for (const [name, value] of Object.entries(before)) if (value === undefined) Reflect.deleteProperty(legacy, name); else legacy[name] = value;
    }
  });
});

describe('backends: GPUs as their driver describes them', () => {
  const csv = '0, GPU-1a2b, NVIDIA H100 80GB HBM3, 9.0, 81559, 550.54.15\n1, GPU-3c4d, NVIDIA L4, 8.9, 23034, 550.54.15\n';

  it('reads the table', () => {
    assert.deepEqual(parseGpus(csv)[1], { index: 1, uuid: 'GPU-3c4d', name: 'NVIDIA L4', computeCapability: '8.9', memoryBytes: 23034 * 2 ** 20, driver: '550.54.15' });
    assert.deepEqual(parseGpus('NVIDIA-SMI has failed\n'), []);
  });

  it('there are none where the driver is not', async () => assert.deepEqual(await nvidiaGpus('no-such-program'), []));

  it('names the one that CUDA counts first', async () => {
    const name = (visible: string | undefined) => computingGpu(Promise.resolve(parseGpus(csv)), visible);
    assert.deepEqual(await Promise.all([undefined, '', '1,0', 'GPU-3c', '7'].map(name)), ['NVIDIA H100 80GB HBM3', 'NVIDIA H100 80GB HBM3', 'NVIDIA L4', 'NVIDIA L4', undefined]);
  });
});
