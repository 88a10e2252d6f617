/** Typed arrays whose windows lie in several pieces, as where one memory cannot hold them. */
import { createOptimizer, type Optimizer } from '../../../src/optimizers/optimizer';
import type { RowShard, SparseRows } from '../../../src/kernels/panelLayout';
import type { SparseCompute } from '../../../src/kernels/sparseCompute';
import { typedArrays } from '../../../src/kernels/typedArrays';
import type { Settings } from '../../../src/settings/knobs';
import { settingsOf, takeSteps, twoTensors } from './variants';

const sharded: SparseCompute = { ...typedArrays, createRows: (...given) => inPieces(typedArrays.createRows(...given)) };

/** A shard for every panel. */
function inPieces({ layout, size, shards }: SparseRows): SparseRows {
  const [{ windowValues, windowIndices }] = shards as [RowShard];
  return {
    layout, size, shards: layout.panels.map(({ before, kept }, panel) => ({
      from: panel, to: panel + 1, windowValues: windowValues.slice(size * before, size * (before + kept)), windowIndices: windowIndices.slice(size * before, size * (before + kept)),
    })),
  };
}

/** Two optimizers after the same steps, one whose window is whole and one whose window is in pieces. */
export function wholeAndSharded(variant: Partial<Settings>, dimension: number, steps: number): { whole: Optimizer; sharded: Optimizer } {
  const [whole, pieces] = [typedArrays, sharded].map(compute => {
    const parameters = twoTensors(dimension);
    const optimizer = createOptimizer(settingsOf(variant), parameters, { compute });
    takeSteps(optimizer, parameters, 1, steps);
    return optimizer;
  });
  return { whole: whole!, sharded: pieces! };
}
