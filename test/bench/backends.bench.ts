/** The embedded backend beside TensorFlow's own kernels on the processor, in one run. */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { report } from '../support/benchReport';
import { builtRuntime } from '../support/builtRuntime';
import { runCli } from '../support/runCli';

interface Row { readonly model: string; readonly backend: string; readonly stepMs: number; readonly lossAfter50: number }

/** How many times as long as on TensorFlow a step may take, and how far apart the losses may be after fifty steps, in shares. */
const bars = { mlp: { times: 1.7, apart: 1e-4 }, resnet20: { times: 4, apart: 0.02 }, transformer: { times: 3, apart: 1e-3 } };

describe('bench: the backends', () => {
  it('wasm beside tensorflow', async function () {
    this.timeout(1_800_000);
    const runtime = await builtRuntime();
    if ('missing' in runtime) {
      console.log(`      skipped: ${runtime.missing}`);
      this.skip();
    }
    const { code, stdout, stderr } = await runCli(['bench', 'backends', '--backend', 'tensorflow,wasm', '--json'], tmpdir(), undefined, { EFCP_RUNTIME_HOME: runtime.home });
    assert.equal(code, 0, stderr);
    const rows = JSON.parse(stdout) as readonly Row[];
    for (const [model, { times, apart }] of Object.entries(bars)) {
      const [wasm, tensorflow] = ['wasm', 'tensorflow'].map(backend => rows.find(row => row.model === model && row.backend === backend));
      assert.ok(wasm !== undefined && tensorflow !== undefined);
      report(`step of ${model} on wasm (${wasm.stepMs.toPrecision(3)} ms)`, wasm.stepMs / tensorflow.stepMs, `x tensorflow on the processor (${tensorflow.stepMs.toPrecision(3)} ms)`, { atMost: times });
      report(`loss of ${model} after 50 steps, share apart`, Math.abs(wasm.lossAfter50 / tensorflow.lossAfter50 - 1), '', { atMost: apart });
    }
  });
});
