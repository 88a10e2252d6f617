/** The threads that do this process's optimizer arithmetic: one pool, however many runs there are. */
import { loadWasmCompute } from '../kernels/threads/loadWasmCompute';
import type { SparseCompute } from '../kernels/sparseCompute';

const pools = new Map<string, SparseCompute>();

/** `assets` is the folder of the built kernels. */
export function hostCompute(assets: string): SparseCompute {
  const pool = pools.get(assets) ?? loadWasmCompute(assets);
  pools.set(assets, pool);
  return pool;
}
