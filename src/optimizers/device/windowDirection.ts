/**
 * Preconditions a gradient c with the last m gradients, as ../preconditioners/preconditionByWindow.ts does, the window lying on
 * the device. The device computes the dot products of c with the rows; they alone are read back, and make one row of the gram
 * on the host, where the rule turns it into coefficients in float64; the device combines the rows by them.
 * Holds the window and a table of blocks on the device, the gram, the solver and the rows' powers (8 m bytes) on the host.
 */
import { keep, reshape, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { combineRows, rowDots } from '../../kernels/device/deviceKernels';
import { moveRow, tensorsOf } from '../../kernels/device/deviceRows';
import type { CoefficientRule } from '../preconditioners/coefficientRule';
import type { StateTree } from '../stateTree';
import { createWindow, insert, reshaped } from './deviceWindow';
import { tensorsOfResidual } from './deviceResidual';
import type { Direction } from './direction';
import type { GradientRows } from './gradientRows';
import { weightsOf } from './weights';

export interface WindowDirectionOptions<Solver> {
  readonly gradients: GradientRows;
  readonly window: () => number;
  readonly rule: CoefficientRule<Solver>;
  readonly dimension: number;
}

export function windowDirection<Solver extends StateTree>({ gradients, window, rule, dimension }: WindowDirectionOptions<Solver>): Direction {
  let state = createWindow(rule, window(), dimension, gradients.form);
  return {
    propose: gradient => {
      const compressed = gradients.compress(gradient);
      const { row, dense, residual } = compressed;
      const { form } = gradients;
      const power = reshape(row.powers, [1]);
      const parts = [power, flat(rowDots(row, dense, power, 1, form))];
      if (state.filled > 0) parts.push(flat(rowDots(state.rows, dense, power, state.filled, form)));
      const accept = (numbers: Float32Array) => {
        const slot = insert(state, numbers);
        moveRow(state.rows, slot, row, 0);
        gradients.accept(compressed);
        const { gram, powers, size, filled, solver } = state;
        rule.solve({ gram, size, filled, slot }, solver.rule, solver.coefficients);
        const { pairs, scale } = weightsOf(solver.coefficients, powers, filled);
        return combineRows(state.rows, tensor2d(pairs, [filled, 2]), scale, dimension, form);
      };
      return { parts, tensors: [...tensorsOf(row), ...residual === undefined ? [] : tensorsOfResidual(residual)].map(tensor => keep(tensor)), accept };
    },
    reshape: async () => {
      const form = gradients.wantedForm();
      try {
        state = await reshaped(state, { gradients, form, rule, size: window(), dimension });
      } catch (error) {
        if (form !== gradients.form) form?.layout.runTable.dispose();
        throw error;
      }
      gradients.adopt(form);
    },
    state: () => {
      const { values, indices, powers } = state.rows;
      const { form, residual } = gradients;
      return {
        windowValues: [values], ...indices && { windowIndices: [indices] }, ...residual && { residual: tensorsOfResidual(residual) },
        scratch: form === undefined ? [powers] : [powers, form.layout.runTable],
      };
    },
    hostState: () => ({ gram: state.gram, solver: state.solver, scratch: state.powers }),
  };
}

function flat(parts: Tensor): Tensor {
  return reshape(parts, [parts.size]);
}
