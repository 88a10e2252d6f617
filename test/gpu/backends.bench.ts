/** Steps of the bench's models on the GPU, beside wasm. */
import './onHardware';
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { report } from '../support/benchReport';
import { runCli } from '../support/runCli';

interface Row { readonly model: string; readonly backend: string; readonly stepMs: number | null; readonly failure: string | null }

describe('efcp bench backends', () => {
  it('times webgpu beside wasm', async function () {
    this.timeout(3_600_000);
    const { code, stdout, stderr } = await runCli(['bench', 'backends', '--backend', 'webgpu,wasm', '--json'], process.env['EFCP_TEST_WORKSPACE'] ?? tmpdir());
    assert.equal(code, 0, stderr);
    const rows = JSON.parse(stdout) as readonly Row[];
    assert.ok(rows.some(({ backend }) => backend === 'webgpu'), 'webgpu was timed');
    for (const { model, backend, stepMs, failure } of rows) {
      assert.equal(failure, null);
      assert.ok(stepMs !== null && stepMs > 0);
      report(`step of ${model} on ${backend}`, stepMs, 'ms');
    }
  });
});
