/** The built files in a folder with nothing installed beside them, as the extension is installed: this repository has a node_modules. */
import { mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assets } from './assets';

let made: string | undefined;

export function bareAssets(): string {
  if (made !== undefined) return made;
  const folder = mkdtempSync(path.join(tmpdir(), 'efcp-assets-'));
  for (const file of readdirSync(assets)) symlinkSync(path.resolve(assets, file), path.join(folder, file));
  return made = folder;
}
