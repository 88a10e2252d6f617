/** A folder that lasts as long as one test. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export function scratchFolder(): () => string {
  let folder = '';
  beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'efcp-host-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return () => folder;
}
