// Opens a window of the editor under test on a copy of the sample workspace and runs a bundle of tests inside its extension host.
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { repository } from '../repository.mjs';
import { quietProfile } from '../workbench/profile.mjs';
import { scratchFolder } from '../scratchFolder.mjs';

const sample = path.join(repository, 'media/sample');
const workspace = scratchFolder('sample');
if (existsSync(sample)) cpSync(sample, workspace, { recursive: true, filter: source => path.basename(source) !== '.efcp' });
const profile = scratchFolder('w');
const userData = path.join(profile, 'user');
quietProfile(userData);

try {
  await runTests({
    vscodeExecutablePath: process.env.EFCP_TEST_EXECUTABLE,
    extensionDevelopmentPath: repository,
    extensionTestsPath: fileURLToPath(new URL('inWindow.mjs', import.meta.url)),
    launchArgs: [workspace, `--user-data-dir=${userData}`, `--extensions-dir=${path.join(profile, 'extensions')}`],
  });
  process.exit(0);
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
