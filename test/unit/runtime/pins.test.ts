import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { neededBytes } from '../../../src/runtime/checkSpace';
import { lockFor } from '../../../src/runtime/installPackages';
import { downloadBytes, installedBytes, runtimePlans } from '../../../src/runtime/pins';
import { runtimeHome } from '../../../src/runtime/runtimeHome';

describe('runtime: what is pinned', () => {
  for (const plan of Object.values(runtimePlans)) {
    it(`${plan.name}: every wheel by its hash, every npm package by the registry's`, () => {
      for (const { sha256, file, version } of plan.wheels) {
        assert.match(sha256, /^[0-9a-f]{64}$/);
        assert.ok(file.includes(`-${version}-`));
      }
      assert.equal(new Set(plan.wheels.map(({ sha256 }) => sha256)).size, plan.wheels.length);
      const { manifest, lockFile } = lockFor(plan.packageName);
      assert.deepEqual(Object.keys(manifest.dependencies).sort(), [plan.packageName, 'node-api-headers'].sort());
      const { '': root, ...packages } = lockFile.packages;
      assert.deepEqual(root, { name: manifest.name, dependencies: manifest.dependencies });
      for (const [name, entry] of Object.entries<{ integrity?: string; resolved?: string; version?: string }>(packages)) {
        assert.match(entry.integrity ?? '', /^sha512-/, name);
        assert.equal(entry.resolved, undefined, 'the registry is the user\'s own');
      }
      assert.equal(Object.entries<{ version?: string }>(packages).find(([name]) => name === `node_modules/${plan.packageName}`)?.[1].version, plan.tfjs);
    });

    it(`${plan.name}: the space needed falls as steps are done, and is never less than what is kept`, () => {
      const none = neededBytes(plan, () => false, false);
      assert.ok(none > installedBytes(plan));
      assert.ok(none < installedBytes(plan) + downloadBytes(plan) + plan.packagesPeakBytes + 200e6);
      assert.ok(neededBytes(plan, step => step === 'packages', false) < none);
      assert.ok(neededBytes(plan, () => true, false) < 200e6);
      assert.ok(neededBytes(plan, () => false, true) < none);
    });
  }

  it('only the runtime for GPUs says what CUDA it is for', () => {
    assert.equal(runtimePlans.cpu.cuda, undefined);
    assert.equal(runtimePlans.gpu.cuda?.version, '12.5.1');
  });
});

describe('runtime: where it lies', () => {
  const home = os.homedir();
  const places: readonly (readonly [NodeJS.ProcessEnv, NodeJS.Platform, string])[] = [
    [{}, 'linux', path.join(home, '.local/share/efcp-studio/runtimes')],
    [{ XDG_DATA_HOME: '/data' }, 'linux', '/data/efcp-studio/runtimes'],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', path.join(home, '.local/share/efcp-studio/runtimes')],
    [{ XDG_DATA_HOME: '/data', EFCP_RUNTIME_HOME: '/elsewhere' }, 'linux', '/elsewhere'],
    [{}, 'darwin', path.join(home, 'Library/Application Support/efcp-studio/runtimes')],
    [{ LOCALAPPDATA: '/local' }, 'win32', '/local/efcp-studio/runtimes'],
  ];
  for (const [env, platform, expected] of places) {
    it(`${platform} ${JSON.stringify(env)}`, () => assert.equal(runtimeHome(env, platform), path.resolve(expected)));
  }
});
