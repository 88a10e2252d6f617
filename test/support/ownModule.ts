import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for modules of a test's own; each gets a name of its own, since Node loads a file once. */
export function moduleFolder(): { readonly folder: string; write(source: string, ending?: string): string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'efcp-module-'));
  let number = 0;
  return {
    folder,
    write: (source, ending = '.mjs') => {
      const file = path.join(folder, `module${++number}${ending}`);
      writeFileSync(file, source);
      return file;
    },
    remove: () => { rmSync(folder, { recursive: true }); },
  };
}
