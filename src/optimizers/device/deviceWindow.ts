/** A ring of rows on the device, and on the host the gram that their dot products make up. */
import { concat, dispose, keep, reshape } from '@tensorflow/tfjs-core';
import { powerOfTwo, rowDots } from '../../kernels/device/deviceKernels';
import { createRows, moveRow, readRow, tensorsOf, type DeviceRows, type SparseForm } from '../../kernels/device/deviceRows';
import type { CoefficientRule } from '../preconditioners/coefficientRule';
import { copyGram, setGramRow } from '../preconditioners/gram';
import { advance, newestSlots, type Ring } from '../preconditioners/ring';
import { tidied } from './direction';
import type { GradientRows } from './gradientRows';

export type DeviceWindow<Solver> = Ring & {
  readonly rows: DeviceRows;
  readonly gram: Float64Array; // [m, m]
  /** The powers of two that the rows are divided by before they are multiplied. */
  readonly powers: Float64Array; // [m]
  readonly solver: { readonly dots: Float64Array /* [m] */; readonly coefficients: Float64Array /* [m] */; readonly rule: Solver };
};

export function createWindow<Solver>(rule: CoefficientRule<Solver>, size: number, dimension: number, form: SparseForm | undefined): DeviceWindow<Solver> {
  const rows = tidied(() => {
    const created = createRows(size, dimension, form);
    tensorsOf(created).forEach(tensor => keep(tensor));
    return created;
  });
  const solver = { dots: new Float64Array(size), coefficients: new Float64Array(size), rule: rule.init(size) };
  return { rows, gram: new Float64Array(size * size), powers: new Float64Array(size), solver, size, filled: 0, cursor: 0 };
}

/**
 * Takes in the dot products of a new row: `numbers` holds its power of two, then in equal parts its product with itself and
 * with each row filled so far. Returns its slot.
 */
export function insert(state: DeviceWindow<unknown>, numbers: Float32Array): number {
  const { gram, powers, size, solver: { dots } } = state;
  const parts = (numbers.length - 1) / (state.filled + 1);
  const power = numbers[0] ?? 0;
  const own = power * power * sumOf(numbers, 1, parts);
  for (let row = 0; row < state.filled; row++) dots[row] = (powers[row] ?? 0) * power * sumOf(numbers, 1 + (row + 1) * parts, parts);
  const slot = advance(state);
  powers[slot] = power;
  dots[slot] = own;
  setGramRow(gram, size, slot, state.filled, dots);
  return slot;
}

function sumOf(numbers: Float32Array, from: number, count: number): number {
  let sum = 0;
  for (let at = from; at < from + count; at++) sum += numbers[at] ?? 0;
  return sum;
}

export interface Reshaping<Solver> {
  readonly gradients: GradientRows;
  readonly form: SparseForm | undefined;
  readonly rule: CoefficientRule<Solver>;
  readonly size: number;
  readonly dimension: number;
}

/** The window at another size, or its rows in another form, the newest kept; the one it replaces is disposed of. */
export async function reshaped<Solver>(state: DeviceWindow<Solver>, { gradients, form, rule, size, dimension }: Reshaping<Solver>): Promise<DeviceWindow<Solver>> {
  const { form: before } = gradients;
  if (form === before && size === state.size) return state;
  const next = createWindow(rule, size, dimension, form);
  const slots = newestSlots(state, size);
  try {
    if (form === before || form === undefined || before === undefined) {
      slots.forEach((from, slot) => {
        tidied(() => { moveRow(next.rows, slot, state.rows, from); });
        next.powers[slot] = state.powers[from] ?? 0;
      });
      copyGram(state.gram, state.size, slots, next.gram, size);
    } else {
      slots.forEach((from, slot) => { tidied(() => { moveRow(next.rows, slot, gradients.encode(readRow(state.rows, from, before), form), 0); }); });
      await rebuildGram(next, slots.length, form);
    }
  } catch (error) {
    dispose(tensorsOf(next.rows));
    throw error;
  }
  dispose(tensorsOf(state.rows));
  return Object.assign(next, { filled: slots.length, cursor: slots.length % size });
}

/** Row by row, as if each were being inserted: the rows have changed. */
async function rebuildGram(state: DeviceWindow<unknown>, count: number, form: SparseForm): Promise<void> {
  const { rows, gram, powers, size, solver: { dots } } = state;
  for (let slot = 0; slot < count; slot++) {
    const report = tidied(() => {
      const dense = readRow(rows, slot, form);
      const power = powerOfTwo(dense);
      const parts = rowDots(rows, dense, power, slot + 1, form);
      return keep(concat([power, reshape(parts, [parts.size])], 0));
    });
    const numbers = await report.data<'float32'>();
    report.dispose();
    const each = (numbers.length - 1) / (slot + 1);
    powers[slot] = numbers[0] ?? 0;
    for (let row = 0; row <= slot; row++) dots[row] = (powers[row] ?? 0) * (powers[slot] ?? 0) * sumOf(numbers, 1 + row * each, each);
    setGramRow(gram, size, slot, slot + 1, dots);
  }
}
