import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { softwareVulkan } from '../../support/softwareWebgpu';
import { webgpuMark } from '../../support/webgpuMark';

interface Report {
  readonly stats: { readonly passes: number };
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

/** Runs this very bundle of tests once more, those on webgpu alone, with the driver in reach. */
async function runOnWebgpu(env: Readonly<Record<string, string>>, reportFile: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const mocha = createRequire(path.resolve('package.json')).resolve('mocha/bin/mocha.js');
  const parameters = [mocha, __filename, '--ui', 'bdd', '--grep', ' on webgpu', '--timeout', '120000', '--exit', '--reporter', 'json', '--reporter-option', `output=${reportFile}`];
  const child = spawn(process.execPath, parameters, { env: { ...process.env, ...env, [webgpuMark]: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => { output = (output + text.toString()).slice(-4000); });
  return { code: await new Promise((resolve, reject) => { child.once('error', reject).once('close', resolve); }), output };
}

describe('the device placement with a software Vulkan driver', () => {
  it('passes on the webgpu backend what it passes on the others', async function () {
    this.timeout(600_000);
    const driver = softwareVulkan();
    if ('missing' in driver) {
      console.log(`      skipped: ${driver.missing}`);
      this.skip();
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'webgpu'));
    try {
      const reportFile = path.join(folder, 'report.json');
      const { code, output } = await runOnWebgpu(driver.env, reportFile);
      const report = readReport(reportFile, `exit code ${code}, ${output}`);
      console.log(`      ${report.stats.passes} tests passed on webgpu`);
      assert.deepEqual(report.failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message ?? ''}`), []);
      assert.equal(code, 0, output);
      assert.ok(report.stats.passes > 0, 'no test ran on webgpu');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function readReport(file: string, otherwise: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    throw new Error(`The tests on webgpu broke off: ${otherwise}`);
  }
}
