/**
 * Fashion-MNIST as Debian's package brings it: installed, or downloaded once into the tests' cache folder. Its files are real and as
 * a user has them; nothing of it is in the repository.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** As `cacheFolder.mjs` has it. */
const { XDG_CACHE_HOME: userCache } = process.env;
const cacheFolder = path.join(userCache || path.join(homedir(), '.cache'), 'efcp-studio');
const debianPackage = 'dataset-fashion-mnist';
const inside = path.join('usr', 'share', 'datasets', 'fashion-mnist');

/** The folder with the four files, or what keeps it from being had. */
export async function fashionMnist(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const kept = path.join(cacheFolder, debianPackage);
  for (const root of ['/', kept]) if (existsSync(path.join(root, inside, 't10k-labels-idx1-ubyte.gz'))) return { folder: path.join(root, inside) };
  mkdirSync(cacheFolder, { recursive: true });
  const scratch = mkdtempSync(`${kept}-`);
  try {
    await run('apt-get', ['download', debianPackage], { cwd: scratch, timeout: 120_000 });
    const [archive] = readdirSync(scratch).filter(name => name.endsWith('.deb'));
    if (archive === undefined) return { missing: `apt-get brought no ${debianPackage}` };
    await run('dpkg-deb', ['-x', archive, 'unpacked'], { cwd: scratch });
    // Another clone's tests may have been quicker.
    if (!existsSync(kept)) renameSync(path.join(scratch, 'unpacked'), kept);
    return { folder: path.join(kept, inside) };
  } catch (error) {
    return { missing: `${debianPackage} is not installed, and cannot be downloaded here (${error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)})` };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
