/**
 * TensorFlow.js's webgpu backend in Node, on what makes WebGPU there: Dawn, as the npm package `webgpu`. The package is large
 * and made for one platform, so it comes from the user's workspace, or from beside us.
 */
import { ready, setBackend, version_core as version } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Backend } from './backend';
import type { BackendPlace } from './chooseBackend';

const packageName = 'webgpu';

export interface GpuAdapter { readonly description: string; readonly isFallbackAdapter?: boolean }
export interface WebgpuBackend extends Backend { readonly adapter: GpuAdapter }

interface Dawn {
  create(flags: string[]): { requestAdapter(): Promise<{ readonly info: GpuAdapter } | null> };
  readonly globals: object;
}

let started: Promise<GpuAdapter> | undefined;

/** Throws an Error with the remedy where there is no such package, or no adapter. */
export async function loadWebgpu(place: BackendPlace): Promise<WebgpuBackend> {
  const entry = findDawn(place);
  if (entry === undefined) throw new Error(`the npm package ${packageName} is neither in ${place.workspace ?? 'a workspace (none is open)'} nor beside EFCP Studio. Install it there: npm install ${packageName}.`);
  // One per process: TensorFlow.js keeps the device of the first.
  started ??= start(entry);
  const adapter = await started;
  if (!await setBackend('webgpu')) throw new Error(`the webgpu backend does not start on the adapter ${adapter.description}. Update its driver.`);
  await ready();
  return { name: 'webgpu', version, reason: `on ${adapter.description}`, adapter };
}

export function findDawn({ workspace, assets }: BackendPlace): string | undefined {
  for (const folder of [workspace, assets]) {
    if (folder === undefined) continue;
    try {
      return createRequire(path.join(folder, 'package.json')).resolve(packageName);
    } catch {
      // Not installed here: the next place, or none.
    }
  }
  return undefined;
}

/** The backend looks for WebGPU where a browser has it, so it is put there first. */
async function start(entry: string): Promise<GpuAdapter> {
  const dawn = await import(pathToFileURL(entry).href) as Dawn;
  const gpu = dawn.create([]);
  Object.assign(globalThis, dawn.globals);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('WebGPU finds no adapter: neither a GPU with its Vulkan, Metal or Direct3D driver nor a software one. Install a driver.');
  await import('@tensorflow/tfjs-backend-webgpu');
  return adapter.info;
}
