/** Plain JavaScript: 24 times slower than wasm, and the oracle that every other backend is checked against. */
import { backend as currentBackend, setBackend, version_core as version, type Tensor } from '@tensorflow/tfjs-core';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-cpu';
import type { Backend } from './backend';

export async function loadCpu(reason: string): Promise<Backend> {
  await setBackend('cpu');
  const cpu = currentBackend() as MathBackendCPU;
  return {
    name: 'cpu', version, reason,
    memory: {
      view: (tensor: Tensor) => cpu.data.get(tensor.dataId).values as Float32Array,
      written: () => { /* this backend keeps no copies */ },
    },
  };
}
