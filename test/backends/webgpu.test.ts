import assert from 'node:assert/strict';
import { runBackendSuite } from '../support/backendSuite';
import { softwareVulkan } from '../support/softwareWebgpu';

describe('backends: webgpu with a software Vulkan driver', () => {
  it('passes the suite of all backends, and its own tests', async function () {
    this.timeout(3_600_000);
    const driver = softwareVulkan();
    if ('missing' in driver) {
      console.log(`      skipped: ${driver.missing}`);
      this.skip();
    }
    const { passed, failures } = await runBackendSuite('webgpu', driver.env);
    console.log(`      ${passed} tests passed on webgpu`);
    assert.deepEqual(failures, []);
    assert.ok(passed > 0, 'no test ran on webgpu');
  });
});
