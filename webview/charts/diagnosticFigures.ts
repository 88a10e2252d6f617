/** The figures of the diagnostics: what each is called and which optimizers have it. What they are: src/protocol/diagnostics.ts. */
import { formatFigure } from '../../src/protocol/format';
import { isUsedBy, type Settings } from '../../src/settings/knobs';
import { formatPercent } from '../format';
import type { Figure } from './figureChart';

export interface DiagnosticFigure extends Figure {
  /** Whether an optimizer with these settings has it. */
  belongsTo(settings: Settings): boolean;
}

const always = () => true;
const hasGram = ({ optimizer }: Settings) => isUsedBy('window', optimizer) && optimizer !== 'micro-adam';

export const diagnosticFigures: readonly DiagnosticFigure[] = [
  {
    name: 'updateCosine', title: 'Alignment', caption: 'cosine', symbols: 'cos(g, u)', scaleType: 'linear', format: formatFigure,
    help: 'How far the update points along the gradient: 1 is the way of plain gradient descent, 0 is across it.', ends: { min: -1, max: 1 }, belongsTo: always,
  },
  {
    name: 'updateRatio', title: 'Update length', caption: 'relative', symbols: '|u| / |g|', scaleType: 'logarithmic', format: formatFigure,
    help: 'Length of the update over that of the gradient, before the learning rate.',
    beside: [{ name: 'gradientNorm', column: '|g|', format: formatFigure }], belongsTo: always,
  },
  {
    name: 'updateSupport', title: 'Update support', caption: 'share', symbols: 'nnz(u) / d', scaleType: 'linear', format: formatPercent,
    help: 'Share of the parameters that the update moves.', ends: { min: 0, max: 1 }, belongsTo: always,
  },
  {
    name: 'residualRatio', title: 'Residual', caption: 'relative', symbols: '|e| / |g|', scaleType: 'linear', format: formatFigure,
    help: 'Length of what compression has left out so far, over that of the gradient.',
    beside: [{ name: 'residualNorm', column: '|e|', format: formatFigure }], belongsTo: ({ optimizer, errorFeedback }) => isUsedBy('errorFeedback', optimizer) && errorFeedback,
  },
  {
    name: 'effectiveWindow', title: 'Effective window', caption: 'rows', symbols: 'rows', scaleType: 'linear', format: formatFigure,
    help: 'How many equally strong, independent rows the window is worth.', belongsTo: hasGram,
  },
  {
    name: 'gramCondition', title: 'Gram condition', caption: 'estimate', symbols: 'max / min', scaleType: 'logarithmic', format: formatFigure,
    help: 'Largest over smallest eigenvalue of what the preconditioner inverts; above 32 rows a lower bound.', belongsTo: hasGram,
  },
];
