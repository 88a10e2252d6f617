import assert from 'node:assert/strict';
import { runBackendSuite } from '../support/backendSuite';
import { softwareVulkan } from '../support/softwareWebgpu';

describe('the backend suite on webgpu, fifty-step runs and all', () => {
  it('passes on a software Vulkan driver', async function () {
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
