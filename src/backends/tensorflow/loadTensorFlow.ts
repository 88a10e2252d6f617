/**
 * TensorFlow's own kernels, on a GPU where there is one. The package registers itself with the same engine as ours, so the
 * versions must agree. A process can hold one such package: what is loaded first stays.
 */
import { backend as currentBackend, findBackendFactory, removeBackend, setBackend, version_core as ourVersion } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import type { Backend } from '../backend';
import { firstLineAsSentence } from '../firstLineAsSentence';
import { computingGpu } from '../gpus';
import type { InstalledTensorFlow } from './findTensorFlow';
import { restoreLegacyUtil } from './legacyUtil';
import type { NodeBackend } from './nodeBackend';
import { registerKernels } from './registerKernels';
import { shareBuffers } from './views';

export interface TensorFlowBackend extends Backend {
  readonly name: 'tensorflow';
  /** What TensorFlow's library calls itself; absent where it does not say. */
  readonly tensorFlowVersion?: string;
  /** A package for GPUs that found none computes on the processor: then this is false. */
  readonly usesGpu: boolean;
  readonly installed: InstalledTensorFlow;
}

export async function loadTensorFlow(installed: InstalledTensorFlow): Promise<TensorFlowBackend> {
  const { packageName, version, entry, where, isGpuBuild } = installed;
  if (version.split('.')[0] !== ourVersion.split('.')[0]) {
    throw new Error(`${packageName} ${version} in ${where} does not fit TensorFlow.js ${ourVersion} here. Install version ${ourVersion}, or set "backend": "wasm".`);
  }
  prepare();
  try {
    createRequire(entry)(entry);
  } catch (error) {
    // It may have registered itself before it failed, and would stand in the way of the next.
    if (Boolean(findBackendFactory('tensorflow'))) removeBackend('tensorflow');
    throw new Error(`${packageName} ${version} is installed in ${where} but does not load: ${firstLineAsSentence(error)} ${repair(installed)}, or set "backend": "wasm".`, { cause: error });
  }
  if (!await setBackend('tensorflow')) throw new Error(`${packageName} ${version} in ${where} loaded but its backend did not start. Set "backend": "wasm".`);
  const started = currentBackend() as unknown as Partial<NodeBackend>;
  const { isUsingGpuDevice: usesGpu = false, binding } = started;
  // Ours call TensorFlow's operations through it.
  if (binding !== undefined) {
    shareBuffers(started as NodeBackend);
    registerKernels(usesGpu);
  }
  const tensorFlowVersion = binding?.TF_Version;
  const device = usesGpu ? await computingGpu() ?? 'a GPU' : undefined;
  const library = tensorFlowVersion === undefined ? '' : ` with TensorFlow ${tensorFlowVersion}`;
  const placed = device !== undefined ? `on ${device}` : isGpuBuild ? 'on the processor, because it finds no GPU' : 'on the processor';
  return {
    name: 'tensorflow', version, reason: `${packageName} ${version}${library} of ${where} computes ${placed}`, usesGpu, installed,
    ...(tensorFlowVersion === undefined ? {} : { tensorFlowVersion }), ...(device === undefined ? {} : { device }),
  };
}

/** Read by TensorFlow's library when it is loaded. What the user has set stays. */
function prepare(): void {
  restoreLegacyUtil();
  const { env } = process;
  // Without it TensorFlow takes all of a GPU's memory at once, and what a run needs cannot be seen.
  env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // Warnings and errors; not what processor it was built for.
  env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  // GPUs numbered as their driver's own tools number them, so that the one which computes can be named.
  env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID';
}

function repair({ runtime }: InstalledTensorFlow): string {
  return runtime === undefined ? `Reinstall it for this Node (${process.version})` : `Build it anew (efcp runtime install --${runtime.kind} --force)`;
}
