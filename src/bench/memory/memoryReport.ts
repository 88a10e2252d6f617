/** The report of the bench of memory: one Markdown page with a table and a picture for each model. */
import { markdownTable } from '../convergence/resultTable';
import { scatterChart, paretoFront } from '../../exports/plots/scatterChart';
import { countText, errorText, flopsText, megabytes, ratioText, stepText } from './cells';
import type { MemoryRow } from './memoryRow';
import { memoryModel, type MemoryModelName } from './memoryModels';
import { baselineName, plainName } from './techniques';

export interface MemoryReport {
  readonly markdown: string;
  /** Texts of SVG files by name. */
  readonly pictures: Readonly<Record<string, string>>;
}

export function memoryReport(rows: readonly MemoryRow[], { steps, machine }: { readonly steps: number; readonly machine: string }): MemoryReport {
  const models = [...new Set(rows.map(({ model }) => model))];
  const pictures = Object.fromEntries(models.flatMap(model => {
    const drawn = rows.filter(row => row.model === model && row.totalBytes !== null && row.stepMs !== null);
    return drawn.length < 2 ? [] : [[`${model}-pareto.svg`, picture(model, drawn)] as const];
  }));
  const markdown = [
    '# Memory of training, technique by technique',
    `Every figure on this page was measured by this program, in this run, on ${machine}, except those labelled as the paper's. Each row is a process of its own that trained the model for one step and then ${steps === 1 ? 'another, which is shown' : `${countText(steps)} more, which are shown`}, on made-up examples; bytes do not depend on what is in an example.`,
    'MB are 10^6 bytes. *Model*: parameters, with the index of sparse ones. *Optimizer*: gradients and the optimizer\'s buffers. *Activations*: what waits for the backward pass, gradients of activations and the batch, at the highest instant. *Total* is their sum, the accounting of "Low-Memory Neural Network Training" (arXiv 1904.10631). '
      + '*Workspace* is the most that lived only inside one layer\'s computation or one update; it stands beside the total, as in the paper. *Predicted* was said before the step, from formulas and from passes over one and four examples. *Recomputed* are the operations of forward passes made again.',
    ...models.flatMap(model => section(model, rows.filter(row => row.model === model), pictures)),
  ].join('\n\n');
  return { markdown: `${markdown}\n`, pictures };
}

function section(model: MemoryModelName, rows: readonly MemoryRow[], pictures: Readonly<Record<string, string>>): string[] {
  const baseline = rows.find(({ technique }) => technique === baselineName);
  const head = ['technique', 'model MB', 'optimizer MB', 'activations MB', 'total MB', 'ratio', 'predicted MB', 'error', 'workspace MB', 'recomputed', 'step ms', '× baseline'];
  const body = rows.map(row => [
    labelOf(row), ...[row.modelBytes, row.optimizerBytes, row.activationBytes, row.totalBytes].map(megabytes), row.ratio === null ? '' : `${ratioText(row.ratio)}×`, megabytes(row.predictedTotalBytes), errorText(row),
    megabytes(row.workspaceBytes), flopsText(row.recomputedFlops), stepText(row.stepMs), ratioText(row.stepMs === null || baseline?.stepMs == null ? null : row.stepMs / baseline.stepMs),
  ]);
  const best = rows.flatMap(({ ratio }) => ratio ?? []).reduce((most, ratio) => Math.max(most, ratio), 0);
  const file = `${model}-pareto.svg`;
  const { examples, paper } = memoryModel(model);
  return [
    `## ${model}, on the ${rows[0]?.backend ?? ''} backend`,
    `Batches of ${countText(rows[0]?.settings.batchSize ?? 0)} ${examples}.`,
    markdownTable(head, body, head.map((_, column) => column).slice(1)),
    ...paper !== undefined && best > 0 ? [`The largest reduction here is ${ratioText(best)}×; the paper's is ${paper.ratio}× for ${paper.task}, at ${paper.cost} (the paper's figures). What our reductions do to the loss is measured by \`efcp bench parity\`.`] : [],
    ...rows.some(({ technique }) => technique === plainName) ? ['Plain TensorFlow.js does not tell workspace from activations: its row counts both as activations.'] : [],
    ...file in pictures ? [`![Bytes and step time of every technique on ${model}](${file})`] : [],
  ];
}

function picture(model: string, rows: readonly MemoryRow[]): string {
  const points = rows.map(row => ({ label: labelOf(row), x: (row.totalBytes ?? Number.NaN) / 1e6, y: row.stepMs ?? Number.NaN, color: colorOf(row) }));
  const front = paretoFront(points).map(({ label, x, y }) => `${label}: ${megabytes(1e6 * x)} MB, ${stepText(y)} ms`);
  return scatterChart(points, {
    title: `${model}: memory and time of a step`, xLabel: 'model + optimizer + activations, MB', yLabel: 'ms a step',
    description: `Each technique by its total bytes and the time of a step. None beats these in both: ${front.join('; ')}.`,
  });
}

function labelOf({ model, technique }: MemoryRow): string {
  return memoryModel(model).techniques.find(({ name }) => name === technique)?.label ?? technique;
}

/** Baseline and plain TensorFlow.js apart, single techniques in one colour, combinations in another. */
function colorOf({ technique }: MemoryRow): number {
  return technique === baselineName ? 0 : technique === plainName ? 2 : technique.includes('+') ? 3 : 1;
}
