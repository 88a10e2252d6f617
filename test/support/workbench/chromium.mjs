// The browser that shows the workbench: one that is there, or Debian's.
import { existsSync } from 'node:fs';
import { runQuietly } from '../command.mjs';
import { onPath } from '../onPath.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Where macOS keeps them. */
const applications = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** Path of a Chromium, installed first where that needs nobody's consent. */
export async function ensureChromium() {
  const named = process.env.EFCP_CHROMIUM;
  if (named && !existsSync(named)) throw new Error(`EFCP_CHROMIUM: there is no file ${named}. Name the executable of Chromium or Chrome, or unset the variable.`);
  const found = named || findChromium();
  if (found) return found;
  await installChromium();
  const installed = findChromium();
  if (installed) return installed;
  throw new Error('There is no Chromium or Chrome on the PATH. Install one (on Debian: apt-get install chromium fonts-dejavu-core), or name its executable in EFCP_CHROMIUM.');
}

function findChromium() {
  return onPath(...names) ?? applications.find(file => existsSync(file));
}

async function installChromium() {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return;
  console.log('Installing Chromium (apt-get install chromium fonts-dejavu-core): once, about 415 MB …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update'], { env });
  await runQuietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env });
}
