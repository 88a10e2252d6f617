/** What the charts of the diagnostics are called; what the figures are: src/protocol/diagnostics.ts. */
import type { DiagnosticName } from '../../protocol/diagnostics';

export interface DiagnosticChart {
  readonly name: DiagnosticName;
  readonly title: string;
  readonly label: string;
  readonly scale: 'linear' | 'log';
  readonly ends?: readonly [number, number];
}

export const diagnosticCharts: readonly DiagnosticChart[] = [
  { name: 'updateCosine', title: 'Alignment', label: 'Cosine of gradient and update', scale: 'linear', ends: [-1, 1] },
  { name: 'updateRatio', title: 'Update length', label: 'Length of the update over that of the gradient, log scale', scale: 'log' },
  { name: 'updateSupport', title: 'Update support', label: 'Share of the parameters that the update moves', scale: 'linear', ends: [0, 1] },
  { name: 'gradientNorm', title: 'Gradient', label: 'Length of the gradient, log scale', scale: 'log' },
  { name: 'residualNorm', title: 'Residual', label: 'Length of what compression has left out', scale: 'linear' },
  { name: 'residualRatio', title: 'Residual, relative', label: 'Length of what compression has left out, over that of the gradient', scale: 'linear' },
  { name: 'effectiveWindow', title: 'Effective window', label: 'Equally strong rows that the window is worth', scale: 'linear' },
  { name: 'gramCondition', title: 'Gram condition', label: 'Largest over smallest eigenvalue, log scale', scale: 'log' },
];
