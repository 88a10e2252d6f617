import assert from 'node:assert/strict';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { loadWasmCompute } from '../../../src/kernels/threads/loadWasmCompute';
import type { WasmCompute } from '../../../src/kernels/threads/wasmCompute';
import { readRow } from '../../../src/kernels/rowStorage';
import type { SparseRows } from '../../../src/kernels/panelLayout';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { assets } from '../../support/assets';
import { dot, normalVector, relativeDistance } from '../kernels/randomVector';
import { gaussianSolve } from './linearAlgebra';
import { settingsOf } from './variants';

const dimension = 500;
const window = 64;

/** m G^T (m damping I + G G^T)^-1 e_last in float64, of rows given oldest first. */
function directUpdate(rows: readonly Float32Array[], damping: number): Float64Array {
  const gram = rows.map((row, index) => Float64Array.from(rows, (other, column) => dot(row, other) + (index === column ? window * damping : 0)));
  const coefficients = gaussianSolve(gram, Float64Array.from(rows, (_, index) => index === rows.length - 1 ? window : 0));
  return Float64Array.from({ length: dimension }, (_, at) => rows.reduce((sum, row, index) => sum + coefficients[index]! * row[at]!, 0));
}

describe('in float32 at a damping of 1e-6 the update stays within 1e-4 of float64', () => {
  let wasm: WasmCompute;
  before(() => { wasm = loadWasmCompute(assets, { threads: 2 }); });
  after(() => wasm.close());

  for (const placement of ['typed arrays', 'wasm'] as const) {
    for (const [name, density, trend] of [['independent gradients', 0.1, 0], ['gradients with a common trend', 0.1, 3], ['whole gradients', 1, 1]] as const) {
      it(`${name}, ${placement}: window ${window}, d ${dimension}, twice round the ring`, () => {
        const settings = settingsOf({ optimizer: 'sparse-mfac', window, density, damping: 1e-6, blockSize: 100, learningRate: 1 });
        const parameters = [{ name: 'w', shape: [dimension], values: new Float32Array(dimension) }];
        const optimizer = createOptimizer(settings, parameters, { compute: placement === 'wasm' ? wasm : typedArrays });
        const state = (optimizer.state as unknown as [unknown, { rows: SparseRows; filled: number; cursor: number; size: number }])[1];
        const common = normalVector(dimension, 999);
        for (let step = 1; step <= 2 * window; step++) {
          optimizer.gradient.set(normalVector(dimension, step).map((value, at) => value + trend * common[at]!));
          optimizer.update(optimizer.gradient, parameters, step);
          if (step % 8 !== 0) continue;
          const rows = Array.from({ length: state.filled }, (_, age) => {
            const row = new Float32Array(dimension);
            readRow(state.rows, (state.cursor - state.filled + age + state.size) % state.size, row);
            return row;
          });
          const expected = directUpdate(rows, 1e-6).map(value => -value);
          const distance = relativeDistance(optimizer.gradient, expected);
          assert.ok(distance < 1e-4, `step ${step}: ${distance}`);
        }
      });
    }
  }
});
