/** Decides which backend a run uses, says why, and loads it. */
import { enableProdMode } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import type { Settings } from '../settings/knobs';
import type { Backend } from './backend';
import { loadCpu } from './cpu';
import { findTensorFlow, loadTensorFlow } from './tensorflow';
import { loadWasm } from './wasm';

export interface BackendPlace {
  /** Folder of the files that the build made: wasm binaries among them. */
  readonly assets: string;
  /** Where `auto` and `tensorflow` look for TensorFlow's own Node package. */
  readonly workspace?: string | undefined;
}

export async function chooseBackend(wanted: Settings['backend'], place: BackendPlace): Promise<Backend> {
  // Without it the engine checks and advertises on the console at every start.
  enableProdMode();
  switch (wanted) {
    case 'wasm': return loadWasm(place.assets, 'the settings name it');
    case 'cpu': return loadCpu('the settings name it');
    case 'tensorflow': {
      const found = findTensorFlow(place.workspace);
      if (found === undefined) throw new Error(`backend is "tensorflow", but neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed in ${place.workspace ?? 'a workspace (none is open)'}. Install one there, or set "backend": "wasm".`);
      return loadTensorFlow(found);
    }
    case 'auto': return automatic(place);
  }
}

/** TensorFlow's kernels where they load; a copy that does not load is a reason to mention, not to fail. */
async function automatic({ assets, workspace }: BackendPlace): Promise<Backend> {
  const found = findTensorFlow(workspace);
  if (found === undefined) return loadWasm(assets, 'embedded; the workspace has no @tensorflow/tfjs-node-gpu or tfjs-node');
  try {
    return await loadTensorFlow(found);
  } catch (error) {
    return loadWasm(assets, `embedded; ${error instanceof Error ? error.message : String(error)}`);
  }
}
