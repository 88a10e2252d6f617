/** What a WebGPU adapter says of itself, and whether it is hardware. */

/** Bytes, or counts, that a device on this adapter may use. */
export const adapterLimits = [
  'maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupStorageSize', 'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX', 'maxComputeWorkgroupsPerDimension', 'maxStorageBuffersPerShaderStage',
] as const;
export type AdapterLimit = (typeof adapterLimits)[number];

export interface WebgpuAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** Name of the driver, or of the device where it says no more. */
  readonly description: string;
  /** It computes on the processor. */
  readonly isSoftware: boolean;
  readonly limits: Readonly<Record<AdapterLimit, number>>;
  /** Among them, where the adapter has them, `shader-f16` and `timestamp-query`. */
  readonly features: readonly string[];
}

/** GPUAdapterInfo, as much as is used. */
export interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** Drivers that compute on the processor: Mesa's llvmpipe (lavapipe) and softpipe, SwiftShader, Microsoft's WARP. */
const softwareNames = /llvmpipe|lavapipe|softpipe|swiftshader|basic render|\bwarp\b|software/i;

/** Not every such driver says that it stands in for a GPU, and one may be passed on by a virtual machine's. */
export function isSoftwareAdapter({ isFallbackAdapter, vendor, architecture, device, description }: AdapterInfo): boolean {
  return isFallbackAdapter === true || [vendor, architecture, device, description].some(text => softwareNames.test(text ?? ''));
}

export function describeAdapter(info: AdapterInfo, limits: Readonly<Record<AdapterLimit, number>>, features: Iterable<string>): WebgpuAdapter {
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  const named = [description, device, [vendor, architecture].filter(Boolean).join(' ')].find(text => text !== '') ?? 'an adapter without a name';
  return {
    vendor, architecture, device, description: named, isSoftware: isSoftwareAdapter(info),
    limits: Object.fromEntries(adapterLimits.map(name => [name, limits[name]])) as Record<AdapterLimit, number>,
    features: [...features],
  };
}

/** No tensor can be larger: it lies in one buffer, and kernels bind it as a whole. */
export function largestTensor({ limits }: Pick<WebgpuAdapter, 'limits'>): number {
  return Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
}

export function adapterInWords({ vendor, description, isSoftware, limits, features }: WebgpuAdapter): string {
  const mib = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;
  const kind = isSoftware ? 'software: computes on the processor' : 'hardware';
  const has = (feature: string) => `${features.includes(feature) ? '' : 'no '}${feature}`;
  return `${description}${vendor === '' ? '' : ` (${vendor})`}, ${kind}; tensors up to ${mib(largestTensor({ limits }))}, `
    + `${limits.maxComputeWorkgroupStorageSize / 1024} KiB and ${limits.maxComputeInvocationsPerWorkgroup} invocations a workgroup; ${has('shader-f16')}, ${has('timestamp-query')}`;
}
