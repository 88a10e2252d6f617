/**
 * TensorFlow.js's webgpu backend in Node: any vendor's GPU through Vulkan, Metal or Direct3D. Its values can only be awaited, and
 * its failures arrive late, so both are brought to the trainer here.
 */
import { registerBackend, removeBackend, setBackend, version_core as version, type DataId, type KernelBackend, type Tensor } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Backend } from './backend';
import type { BackendPlace } from './loadBackend';
import { describeAdapter, largestTensor, type AdapterInfo, type AdapterLimit, type WebgpuAdapter } from './webgpuAdapter';
import { noAdapter, preferHardware, type Gpu } from './webgpuChoice';
import { tooLarge, watchDevice, type WatchedDevice } from './webgpuFailure';
import { explainLoading, findWebgpu, glibcVersion, noWebgpu, type InstalledWebgpu } from './webgpuPackage';

export interface WebgpuBackend extends Backend { readonly adapter: WebgpuAdapter }

/** GPUAdapter, as much as is used. */
interface Adapter {
  readonly info: AdapterInfo;
  readonly limits: Readonly<Record<AdapterLimit, number>>;
  readonly features: ReadonlySet<string>;
  requestDevice(descriptor: { requiredFeatures: string[]; requiredLimits: Record<string, number> }): Promise<WatchedDevice>;
}
interface Dawn { create(flags: string[]): Gpu<Adapter>; readonly globals: object }

/** What we use of TensorFlow.js's backend: where each tensor lies, and the pools of its buffers and textures. */
interface Pool { readonly numBytesUsed: number; readonly numBytesAllocated: number }
interface Internals {
  readonly tensorMap: { get(dataId: DataId): { readonly values?: Float32Array | null; readonly resource?: object | null } };
  readonly bufferManager: Pool & { acquireBuffer(size: number, ...more: unknown[]): object };
  readonly textureManager: Pool;
  getBufferData(buffer: object): Promise<ArrayBuffer>;
}

interface KernelsFile { readonly WebGPUBackend: new (device: WatchedDevice, info: AdapterInfo) => KernelBackend & Internals }
interface Started { readonly adapter: WebgpuAdapter; readonly internals: Internals; readonly failed: () => Error | undefined }

/** What TensorFlow.js asks of a device. */
const askedLimits = [
  'maxComputeWorkgroupStorageSize', 'maxComputeWorkgroupsPerDimension', 'maxStorageBufferBindingSize', 'maxBufferSize',
  'maxComputeWorkgroupSizeX', 'maxComputeInvocationsPerWorkgroup',
] as const;

const instances = new Map<string, Gpu<Adapter>>();
let started: Promise<Started> | undefined;

/** Throws an Error with the remedy where there is no such package, or no adapter. */
export async function loadWebgpu(place: BackendPlace): Promise<WebgpuBackend> {
  const found = findWebgpu(place);
  if (found === undefined) throw noWebgpu(place);
  // One device per process, until it fails, which is told a turn later.
  await setImmediate();
  const before = await started?.catch(() => undefined);
  const running = before?.failed() === undefined ? before : undefined;
  const { adapter, internals, failed } = running ?? await (started = start(found, place));
  if (!await setBackend('webgpu')) throw new Error(`the webgpu backend does not start on the adapter ${adapter.description}. Update its driver.`);
  const { bufferManager, textureManager } = internals;
  return {
    name: 'webgpu', version, device: adapter.description, adapter, failed,
    reason: `${found.folder} is installed; ${adapter.isSoftware ? 'a software adapter, slower than wasm' : 'on the GPU'}: ${adapter.description}`,
    read: tensor => read(internals, tensor),
    largestTensorBytes: largestTensor(adapter),
    held: () => {
      const [used, allocated] = [bufferManager.numBytesUsed + textureManager.numBytesUsed, bufferManager.numBytesAllocated + textureManager.numBytesAllocated];
      return { gpuBuffersAllocated: allocated, gpuBuffersUsed: used, gpuBuffersPooled: allocated - used };
    },
  };
}

/** The copy is queued before this returns, so the tensor may die then; unlike Tensor.data it leaves nothing on the host. */
async function read(internals: Internals, { dataId }: Tensor): Promise<Float32Array> {
  const { values, resource } = internals.tensorMap.get(dataId);
  if (resource === null || resource === undefined) return Float32Array.from(values ?? []);
  return new Float32Array(await internals.getBufferData(resource));
}

async function start(found: InstalledWebgpu, { assets }: BackendPlace): Promise<Started> {
  const adapter = await requestAdapter(found);
  // It looks for WebGPU when it is loaded, and registers itself on whatever adapter comes first.
  const { WebGPUBackend } = createRequire(path.join(assets, 'package.json'))('./webgpuKernels.js') as KernelsFile;
  const described = describeAdapter(adapter.info, adapter.limits, adapter.features);
  const device = await adapter.requestDevice({
    requiredFeatures: ['timestamp-query'].filter(feature => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(askedLimits.map(name => [name, adapter.limits[name]])),
  });
  const failed = watchDevice(device, described);
  const backend = new WebGPUBackend(device, adapter.info);
  boundBuffers(backend, described);
  removeBackend('webgpu');
  registerBackend('webgpu', () => backend, 3);
  return { adapter: described, internals: backend, failed };
}

/** A buffer beyond the limits would be made, and be refused when nobody looks. */
function boundBuffers({ bufferManager }: Internals, adapter: WebgpuAdapter): void {
  const acquire = bufferManager.acquireBuffer.bind(bufferManager);
  const most = largestTensor(adapter);
  bufferManager.acquireBuffer = (size, ...more) => {
    if (size > most) throw tooLarge(size, most, adapter);
    return acquire(size, ...more);
  };
}

/** One for each flag, and kept: with the last reference to it Dawn takes down devices that still have something to tell. */
function instance(dawn: Dawn, flag: string): Gpu<Adapter> {
  const gpu = instances.get(flag) ?? dawn.create(flag === '' ? [] : [flag]);
  instances.set(flag, gpu);
  return gpu;
}

/** The backend looks for WebGPU where a browser has it, so it is put there first. */
async function requestAdapter(found: InstalledWebgpu): Promise<Adapter> {
  const dawn = await (import(pathToFileURL(found.entry).href) as Promise<Dawn>).catch((error: unknown) => { throw explainLoading(found, error, glibcVersion()); });
  Object.assign(globalThis, dawn.globals);
  const gpu = instance(dawn, '');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
  const adapter = await preferHardware(gpu, name => instance(dawn, `adapter=${name}`));
  if (adapter === undefined) throw noAdapter();
  return adapter;
}
