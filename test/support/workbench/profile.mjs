// A quiet user profile: no telemetry, no updates, no welcome page.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Gives the profile in `userData` the quiet settings, unless it has settings already. */
export function quietProfile(userData) {
  const settings = path.join(userData, 'User/settings.json');
  mkdirSync(path.dirname(settings), { recursive: true });
  if (!existsSync(settings)) copyFileSync(fileURLToPath(new URL('settings.json', import.meta.url)), settings);
}
