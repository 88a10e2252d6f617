import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { report } from '../support/benchReport';

describe('bench: the package', () => {
  it('is small, with the embedded backend and the digits inside', function () {
    this.timeout(180_000);
    const copy = mkdtempSync(path.join(os.tmpdir(), 'efcp-package-'));
    try {
      for (const file of execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')) cpSync(file, path.join(copy, file), { recursive: true });
      symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'), 'junction');
      execFileSync('npm', ['run', 'package', '--', '--out', 'studio.vsix'], { cwd: copy, stdio: 'pipe', shell: process.platform === 'win32' });
      report('size of the VSIX', statSync(path.join(copy, 'studio.vsix')).size / 1e6, 'MB', { atMost: 5 });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
