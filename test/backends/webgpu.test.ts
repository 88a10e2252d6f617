import assert from 'node:assert/strict';
import path from 'node:path';
import { assets } from '../support/assets';
import { runBackendSuite } from '../support/backendSuite';
import { rerunBundle } from '../support/rerunBundle';
import { softwareVulkan } from '../support/softwareWebgpu';

/** SwiftShader takes a minute for what Mesa's driver does in ten seconds, so on it the fifty-step runs are left out. */
const briefly = 'first step are the oracle|the trainer on webgpu|alarms on webgpu .*(recomputed|too large)';

describe('backends: webgpu with a software Vulkan driver', () => {
  it('passes the suite of all backends, and its own tests', async function () {
    this.timeout(3_600_000);
    const driver = softwareVulkan();
    if ('missing' in driver) {
      console.log(`      skipped: ${driver.missing}`);
      this.skip();
    }
    const { passed, failures } = process.env['VK_ICD_FILENAMES'] === undefined
      ? await rerunBundle(path.join(assets, 'test', 'backends.js'), briefly, { ...driver.env, EFCP_TEST_BACKEND: 'webgpu' })
      : await runBackendSuite('webgpu', driver.env);
    console.log(`      ${passed} tests passed on webgpu`);
    assert.deepEqual(failures, []);
    assert.ok(passed > 0, 'no test ran on webgpu');
  });
});
