/** Which of several WebGPU adapters to use: hardware before software, and the fastest hardware, as Dawn orders it. */
import { isSoftwareAdapter, type AdapterInfo } from './webgpuAdapter';

export interface Gpu<Adapter> { requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null> }

/** `named` looks for one adapter by its name; with a name that there is not, Dawn tells the names there are. */
export async function preferHardware<Adapter extends { readonly info: AdapterInfo }>(gpu: Gpu<Adapter>, named: (name: string) => Gpu<Adapter>): Promise<Adapter | undefined> {
  const first = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (first === null || !isSoftwareAdapter(first.info)) return first ?? undefined;
  for (const name of await adapterNames(named('none of these'))) {
    if (isSoftwareAdapter({ description: name })) continue;
    const other = await named(name).requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
    if (other !== null && !isSoftwareAdapter(other.info)) return other;
  }
  return first;
}

async function adapterNames(gpu: Gpu<unknown>): Promise<string[]> {
  try {
    await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return [];
  } catch (error) {
    return [...String(error).matchAll(/backend: '[^']*', name: '([^']*)'/g)].map(([, name]) => name ?? '');
  }
}

/** Says what is needed, where there is neither a GPU nor a software adapter in reach. */
export function noAdapter(platform: NodeJS.Platform = process.platform): Error {
  const needed: Partial<Record<NodeJS.Platform, string>> = {
    linux: 'the Vulkan loader (libvulkan.so.1, Debian and Ubuntu: libvulkan1) and a Vulkan driver of the GPU that is new enough: NVIDIA\'s own, or Mesa\'s (mesa-vulkan-drivers; 25.0 is, 22.3 is not)',
    darwin: 'a Mac with Metal',
    win32: 'a Direct3D 12 or Vulkan driver of the GPU',
  };
  return new Error(`WebGPU finds no adapter. It needs ${needed[platform] ?? 'a Vulkan driver of the GPU'}. Install or update that, or set "backend": "wasm".`);
}
