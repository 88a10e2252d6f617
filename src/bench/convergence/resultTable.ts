/** Results as Markdown tables. */
import { denseOf, type MethodResult, type StudyResult } from './study';

/** Three significant digits, or four from 1 on; a run that diverged is ∞. */
export function shortNumber(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return '∞';
  return value >= 1 ? value.toFixed(3) : value.toPrecision(3);
}

/** The columns numbered in `alignRight` stand to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], alignRight: readonly number[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (alignRight.includes(column) ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

export function resultTable(result: StudyResult): string {
  const hasAccuracy = result.results.some(({ best }) => best.outcomes.some(({ accuracy }) => accuracy !== undefined));
  const head = ['method', 'error feedback', 'best learning rate', 'median loss [min, max]', 'ratio to dense', ...hasAccuracy ? ['accuracy'] : []];
  const rows = result.results.map(entry => [
    entry.method.label, feedbackText(entry), `${entry.best.learningRate}${entry.isAtEdge ? ' (edge)' : ''}`, lossText(entry), ratioText(result, entry), ...hasAccuracy ? [accuracyText(entry)] : [],
  ]);
  return markdownTable(head, rows, [2, 3, 4, 5]);
}

function feedbackText({ method: { errorFeedback } }: MethodResult): string {
  return errorFeedback === undefined ? '–' : errorFeedback ? 'yes' : 'no';
}

function lossText({ best }: MethodResult): string {
  const losses = best.outcomes.map(({ loss }) => loss);
  return `${shortNumber(best.median)} [${shortNumber(Math.min(...losses))}, ${shortNumber(Math.max(...losses))}]`;
}

function ratioText(result: StudyResult, { method, best }: MethodResult): string {
  const dense = denseOf(result, method.family);
  return method.family === 'baseline' || dense === undefined ? '–' : (best.median / dense.best.median).toFixed(2);
}

function accuracyText({ best }: MethodResult): string {
  const shares = best.outcomes.map(({ accuracy }) => accuracy ?? Number.NaN);
  return shares.length === 0 ? '' : `${(100 * shares.reduce((sum, share) => sum + share, 0) / shares.length).toFixed(1)} %`;
}

/** Every learning rate tried, a column each. */
export function gridTable({ results }: StudyResult): string {
  const rates = [...new Set(results.flatMap(({ trials }) => trials.map(({ learningRate }) => learningRate)))].sort((a, b) => a - b);
  const rows = results.map(entry => {
    const cells = rates.map(rate => {
      const trial = entry.trials.find(({ learningRate }) => learningRate === rate);
      if (trial === undefined) return '';
      return trial === entry.best ? `**${shortNumber(trial.median)}**` : shortNumber(trial.median);
    });
    return [entry.method.label, feedbackText(entry), ...cells];
  });
  return markdownTable(['method', 'error feedback', ...rates.map(String)], rows, rates.map((_, index) => index + 2));
}
