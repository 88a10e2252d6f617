// Folders that live as long as this process.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A new empty folder, removed when the process ends. The name is short: sockets inside it have a path limit of about 100 bytes. */
export function scratchFolder(purpose) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `efcp-${purpose}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
