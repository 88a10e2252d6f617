/** Imported first by everything in this folder: the tests run on the webgpu backend, on a GPU, or fail. */
import assert from 'node:assert/strict';
import { startWebgpu } from '../support/softwareWebgpu';
import { webgpuMark } from '../support/webgpuMark';

process.env[webgpuMark] = '1';
process.env['EFCP_TEST_BACKEND'] = 'webgpu';

before('there is a GPU', async function () {
  this.timeout(120_000);
  const { description, isSoftware } = await startWebgpu();
  assert.ok(!isSoftware, `The only WebGPU adapter is ${description}, which is software. Run this on a machine with a GPU and its Vulkan driver, and without VK_ICD_FILENAMES.`);
  console.log(`  on ${description}`);
});
