import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A fresh copy of the sample workspace, without the runs that somebody may have made in the original; removed when the tests end. */
export function sampleWorkspace(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'efcp-sample-'));
  cpSync('media/sample', folder, { recursive: true, filter: source => path.basename(source) !== '.efcp' });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
