import assert from 'node:assert/strict';
import { rerunBundle } from '../../support/rerunBundle';
import { softwareVulkan } from '../../support/softwareWebgpu';
import { webgpuMark } from '../../support/webgpuMark';

describe('the device placement with a software Vulkan driver', () => {
  it('passes on the webgpu backend what it passes on the others', async function () {
    this.timeout(600_000);
    const driver = softwareVulkan();
    if ('missing' in driver) {
      console.log(`      skipped: ${driver.missing}`);
      this.skip();
    }
    const { passed, failures } = await rerunBundle(__filename, ' on webgpu', { ...driver.env, [webgpuMark]: '1' });
    console.log(`      ${passed} tests passed on webgpu`);
    assert.deepEqual(failures, []);
    assert.ok(passed > 0, 'no test ran on webgpu');
  });
});
