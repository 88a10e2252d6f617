/** Plain JavaScript: 24 times slower than wasm, and the oracle that every other backend is checked against. */
import { backend as currentBackend, setBackend, version_core as version, type DataId, type Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Backend } from './backend';
import { registerHalfOnCpu } from './halfOnCpu';

interface CpuBackend {
  readonly data: { get(dataId: DataId): { readonly values: Float32Array } };
}

export async function loadCpu(reason: string): Promise<Backend> {
  await setBackend('cpu');
  registerHalfOnCpu();
  const cpu = currentBackend() as unknown as CpuBackend;
  return {
    name: 'cpu', version, reason,
    memory: {
      view: (tensor: Tensor) => cpu.data.get(tensor.dataId).values,
      written: () => { /* this backend keeps no copies */ },
    },
  };
}
