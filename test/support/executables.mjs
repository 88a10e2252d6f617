// The programs that a kind of test needs, found or installed when the first kind that needs them comes to run.
import path from 'node:path';
import { cacheFolder } from './cacheFolder.mjs';
import { ensureChromium } from './workbench/chromium.mjs';
import { chooseEditor } from './workbench/editor.mjs';

const kindsWithEditor = ['window', 'workbench', 'bench'];
const runtimes = path.join(cacheFolder, 'runtimes');
let editor;

/** Environment variables that name them. */
export async function executablesFor(kind) {
  // Chromium brings the software Vulkan driver that webgpu is tested on.
  if (kind === 'panel') return { EFCP_CHROMIUM: await ensureChromium() };
  // Who runs the tests on a GPU means the runtime that is installed for it.
  if (kind === 'gpu') return { EFCP_RUNTIME_HOME: process.env.EFCP_RUNTIME_HOME ?? '' };
  if (kind === 'backends') return { EFCP_CHROMIUM: await ensureChromium(), EFCP_TEST_RUNTIMES: runtimes };
  if (!kindsWithEditor.includes(kind)) return {};
  if (editor === undefined) {
    editor = await chooseEditor();
    console.log(`Editor under test: ${editor.name}.`);
  }
  return { EFCP_TEST_EXECUTABLE: editor.executable, EFCP_TEST_RUNTIMES: runtimes, ...(editor.isRig && { EFCP_CHROMIUM: await ensureChromium() }) };
}
