/** How gradients become rows of a window on the device: whole, or what Top-K keeps of them, with or without error feedback. */
import { clone, dispose, keep, sub, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import { blockLayout } from '../../kernels/device/blockLayout';
import { blockTopK, expandRow, packBfloat16, unpackBfloat16, type DeviceRow } from '../../kernels/device/deviceKernels';
import { encodeRow, wholeRow, type DeviceRows, type SparseForm } from '../../kernels/device/deviceRows';
import { packs } from '../../settings/devicePlacement';
import { bytesPerIndex, runsOf } from '../../settings/formulas/blocks';
import type { Settings } from '../../settings/knobs';
import type { ParameterSpace } from '../../settings/parameterSpace';
import { tidied } from './direction';
import { addResidual, createResidual, keepResidual, mapResidual, readResidual, tensorsOfResidual, type DeviceResidual } from './deviceResidual';

export interface GradientRow {
  /** c, as one row of a window, and in full. */
  readonly row: DeviceRows;
  readonly dense: Tensor; // [d]
  /** e = a - c */
  readonly residual: DeviceResidual | undefined;
}

export interface GradientRows {
  /** How rows lie in memory; undefined where they are whole. */
  readonly form: SparseForm | undefined;
  readonly residual: DeviceResidual | undefined;
  /** Leaves the state as it is. */
  compress(gradient: Tensor): GradientRow;
  /** Makes the residual of a gradient the state's. */
  accept(row: GradientRow): void;
  /** The form that the settings now ask for, `form` itself where it is that. */
  wantedForm(): SparseForm | undefined;
  /** A vector as a row of `form`. */
  encode(vector: Tensor, form: SparseForm): DeviceRows;
  /** Takes on a wanted form, and fits the residual. */
  adopt(form: SparseForm | undefined): void;
}

export function wholeGradients(): GradientRows {
  return {
    form: undefined, residual: undefined,
    compress: gradient => ({ row: wholeRow(gradient), dense: gradient, residual: undefined }),
    accept: () => { /* nothing is left out */ },
    wantedForm: () => undefined,
    encode: wholeRow,
    adopt: () => { /* there is one form */ },
  };
}

export function topKGradients(live: Settings, space: ParameterSpace, backendName: string): GradientRows {
  const { dimension } = space;
  let form = createForm(live, space, backendName);
  let residual = live.errorFeedback ? tidied(() => mapResidual(createResidual(live.errorFeedbackBits, dimension), tensor => keep(tensor))) : undefined;
  const exchange = (next: DeviceResidual) => {
    if (residual !== undefined) dispose(tensorsOfResidual(residual));
    residual = next;
  };
  return {
    get form() { return form; },
    get residual() { return residual; },
    compress: gradient => {
      const vector = residual === undefined ? gradient : addResidual(residual, gradient);
      const row = keptRow(vector, form);
      const dense = expandRow(row, dimension);
      return { row: encodeRow(row, form), dense, residual: residual && keepResidual(residual.bits, sub(vector, dense)) };
    },
    accept: ({ residual: next }) => { if (next !== undefined) exchange(mapResidual(next, tensor => keep(clone(tensor)))); },
    wantedForm: () => {
      const wanted = createForm(live, space, backendName);
      if (!sameForm(form, wanted)) return wanted;
      wanted.layout.runTable.dispose();
      return form;
    },
    encode: (vector, wanted) => encodeRow(keptRow(vector, wanted), wanted),
    adopt: wanted => {
      if (wanted !== undefined && wanted !== form) {
        form.layout.runTable.dispose();
        form = wanted;
      }
      const before = residual;
      if (before !== undefined && before.bits !== live.errorFeedbackBits) exchange(tidied(() => mapResidual(keepResidual(live.errorFeedbackBits, readResidual(before, dimension)), tensor => keep(clone(tensor)))));
    },
  };
}

function createForm(settings: Settings, space: ParameterSpace, backendName: string): SparseForm {
  const runs = runsOf(settings, space);
  const layout = blockLayout(space.dimension, runs);
  return {
    layout: { ...layout, runTable: keep(tensor1d(layout.table, 'int32')) },
    format: { packedIndices: packs(backendName) && bytesPerIndex(runs) === 2, packedValues: settings.valuePrecision === 'bfloat16' },
  };
}

function sameForm(a: SparseForm, b: SparseForm): boolean {
  return a.format.packedValues === b.format.packedValues && JSON.stringify(a.layout.runs) === JSON.stringify(b.layout.runs);
}

/** Top-K of a vector, its values rounded to what a row will hold. */
function keptRow(vector: Tensor, { layout, format }: SparseForm): DeviceRow {
  const row = blockTopK(vector, layout);
  return format.packedValues ? { ...row, values: unpackBfloat16(packBfloat16(row.values), layout.kept) } : row;
}
