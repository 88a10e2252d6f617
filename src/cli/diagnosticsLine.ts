/** The diagnostics of a run in one line; what the optimizer does not have is left out. */
import type { DiagnosticName, DiagnosticsSample } from '../protocol/diagnostics';
import { formatFigure, formatShare } from '../protocol/format';

const figures: readonly { readonly name: DiagnosticName; readonly label: string; readonly format: (value: number) => string }[] = [
  { name: 'updateCosine', label: 'cos(g, u)', format: formatFigure },
  { name: 'updateRatio', label: '|u|/|g|', format: formatFigure },
  { name: 'updateSupport', label: 'update support', format: formatShare },
  { name: 'residualRatio', label: 'residual |e|/|g|', format: formatFigure },
  { name: 'effectiveWindow', label: 'effective window', format: formatFigure },
  { name: 'gramCondition', label: 'gram condition', format: formatFigure },
];

export function diagnosticsLine(diagnostics: DiagnosticsSample): string {
  const parts = figures.flatMap(({ name, label, format }) => {
    const value = diagnostics[name];
    return value === undefined ? [] : [`${label} ${format(value)}`];
  });
  return `diagnostics, last measured: ${parts.join(', ')}`;
}
