/** Loads the backend that a run names, and makes it the current one. */
import { enableProdMode } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { Backend, BackendName } from './backend';
import { BackendError } from './backendError';
import { loadCpu } from './cpu';
import { explainAbsence, findTensorFlow } from './tensorflow/findTensorFlow';
import { loadTensorFlow } from './tensorflow/loadTensorFlow';
import { loadWasm } from './wasm/loadWasm';
import { loadWebgpu } from './webgpu';

export interface BackendPlace {
  /** Folder of the files that the build made: wasm binaries among them. */
  readonly assets: string;
  /** Where packages are looked for that users install: TensorFlow's for Node, and WebGPU's. */
  readonly workspace?: string | undefined;
}

/** Throws BackendError, with the remedy, where it does not start. */
export async function loadBackend(wanted: BackendName, place: BackendPlace): Promise<Backend> {
  // Without it the engine checks and advertises on the console at every start.
  enableProdMode();
  try {
    return await load(wanted, place);
  } catch (error) {
    throw error instanceof BackendError ? error : new BackendError(wanted, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function load(wanted: BackendName, place: BackendPlace): Promise<Backend> {
  switch (wanted) {
    case 'wasm': return loadWasm(place.assets, 'the settings name it');
    case 'cpu': return loadCpu('the settings name it');
    case 'webgpu': return loadWebgpu(place);
    case 'tensorflow': {
      const found = findTensorFlow(place);
      if (found === undefined) throw new Error(`backend is "tensorflow", but ${explainAbsence(place)}`);
      return loadTensorFlow(found);
    }
  }
}
