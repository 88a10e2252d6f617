/**
 * The webgpu backend in Node, by Dawn (the npm package `webgpu`), on a Vulkan driver that needs no GPU: SwiftShader, which
 * Chromium and VS Code bring along together with a Vulkan loader. The loader is found through the environment of the process,
 * so tests on it run in a process of their own (see webgpu.test.ts).
 */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { loadWebgpu } from '../../src/backends/webgpu';
import { assets } from './assets';

const driverFile = 'vk_swiftshader_icd.json';

/** What to add to a process's environment, or why there is no such driver. */
export function softwareVulkan(): { readonly env: Readonly<Record<string, string>> } | { readonly missing: string } {
  // Whoever names a driver means it.
  if (process.env['VK_ICD_FILENAMES'] !== undefined) return { env: {} };
  const folders = [process.env['EFCP_CHROMIUM'], process.env['EFCP_VSCODE']].filter(file => file !== undefined && existsSync(file)).map(file => path.dirname(realpathSync(file ?? '')));
  const candidates = [...folders, '/usr/lib/chromium', '/opt/google/chrome', '/usr/share/code'];
  const folder = candidates.find(candidate => existsSync(path.join(candidate, driverFile)));
  if (folder === undefined) return { missing: `no ${driverFile} in ${candidates.join(', ')}; install Chromium, or name its executable in EFCP_CHROMIUM` };
  const libraries = [process.env['LD_LIBRARY_PATH'], folder].filter(Boolean).join(path.delimiter);
  return { env: { VK_ICD_FILENAMES: path.join(folder, driverFile), LD_LIBRARY_PATH: libraries } };
}

/** Makes webgpu the current backend; resolves to the adapter's description, or throws where there is none. */
export async function startWebgpu(): Promise<{ readonly description: string; readonly isSoftware: boolean }> {
  const { adapter } = await loadWebgpu({ assets });
  return adapter;
}
