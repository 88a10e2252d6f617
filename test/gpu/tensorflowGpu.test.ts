import './onHardware';
import assert from 'node:assert/strict';
import { findTensorFlow } from '../../src/backends/tensorflow/findTensorFlow';
import { runBackendSuite } from '../support/backendSuite';

describe('tensorflow on the GPU', () => {
  it('passes the suite of all backends', async function () {
    this.timeout(3_600_000);
    const found = findTensorFlow({ workspace: process.env['EFCP_TEST_WORKSPACE'] });
    if (found?.isGpuBuild !== true) {
      console.log('      skipped: neither a runtime for GPUs is installed (efcp runtime install --gpu), nor has EFCP_TEST_WORKSPACE @tensorflow/tfjs-node-gpu');
      this.skip();
    }
    // TF32, which such GPUs multiply in by default, is coarser than the suite's bars.
    const { passed, failures } = await runBackendSuite('tensorflow', { NVIDIA_TF32_OVERRIDE: '0' });
    console.log(`      ${passed} tests passed on tensorflow`);
    assert.deepEqual(failures, []);
    assert.ok(passed > 0, 'no test ran on tensorflow');
  });
});
