/** The report of loss parity: a table and curves for each network, as one Markdown page. */
import { markdownTable } from '../convergence/resultTable';
import { megabytes } from '../memory/cells';
import { lineChart, type Line } from '../../exports/plots/lineChart';
import { seriesColors } from '../../exports/plots/svg';
import { meansOf } from '../statistics';
import { findings, type Finding, type ParityResult, type Spread, type VariantResult } from './parityStudy';
import { parityModels } from './variants';

export interface ParityReport {
  readonly markdown: string;
  /** Texts of SVG files by name. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly holds: boolean;
}

/** Training losses are means over so many steps, since one batch says little. */
const stepsPerPoint = 6;

export function parityReport(parts: readonly ParityResult[], { machine, backend }: { readonly machine: string; readonly backend: string }): ParityReport {
  const found = parts.map(part => ({ part, findings: findings(part) }));
  const holds = found.every(each => each.findings.every(finding => finding.holds));
  const pictures = Object.fromEntries(parts.map(part => [`${part.problem.model}-loss.svg`, curves(part)]));
  const markdown = [
    '# What low-memory training does to the loss',
    `Every figure on this page was measured by this program, in this run, on ${machine}, backend ${backend}. Runs are short, so they say whether a technique changes how the loss falls, not what accuracy a whole training would end at. `
      + `For a seed, initial weights, examples and their order are the same in every row.`,
    `**${holds ? 'All techniques are within their margins' : 'A technique is outside its margin'}**: recomputation gives the baseline's losses bit for bit; the others end, in the mean over the seeds, no further above the baseline's validation loss than their rows say. The margins are ours, for runs as short as these.`,
    ...found.flatMap(each => section(each.part, each.findings)),
  ].join('\n\n');
  return { markdown: `${markdown}\n`, pictures, holds };
}

function section({ problem: { model, dataset, steps, validationExamples }, seeds, results }: ParityResult, found: readonly Finding[]): string[] {
  const rows = found.map((finding, index) => [
    finding.variant.label, spreadText(finding.validationLoss), index === 0 ? '–' : finding.isIdentical ? 'identical' : spreadText(finding.difference, true), spreadText({ mean: 100 * finding.accuracy.mean, deviation: 100 * finding.accuracy.deviation }, false, 1),
    megabytes(Math.max(...results[index]?.outcomes.map(({ activationBytes }) => activationBytes) ?? [])), String(results[index]?.outcomes.reduce((sum, { skipped }) => sum + skipped, 0) ?? 0), finding.variant.margin === 0 ? 'identical' : finding.variant.margin.toFixed(2), finding.holds ? 'yes' : '**no**',
  ]);
  return [
    `## ${model} on ${dataset.name}`,
    `${steps} steps, seeds ${seeds.join(', ')}, judged by ${validationExamples} examples that were not trained on: ${parityModels[model].recipe.words}. Figures are means over the seeds ± their standard deviation; differences are to the baseline of the same seed.`,
    markdownTable(['technique', 'validation loss', 'difference', 'accuracy, %', 'activations MB', 'skipped steps', 'margin', 'holds'], rows, [1, 2, 3, 4, 5, 6]),
    `![Training loss of every technique, ${model}](${model}-loss.svg)`,
  ];
}

function spreadText({ mean, deviation }: Spread, signed = false, digits = 3): string {
  const sign = mean < 0 ? '\u2212' : signed ? '+' : '';
  return `${sign}${Math.abs(mean).toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

function curves({ problem: { model, dataset }, results }: ParityResult): string {
  const lines = results.map((result, index): Line => ({ label: result.variant.label, points: meanCurve(result), color: index % seriesColors, dashed: index >= seriesColors }));
  return lineChart(lines, {
    title: `${model}: training loss on ${dataset.name}`, xLabel: 'step', yLabel: 'loss',
    description: `Mean over the seeds, each point the mean of ${stepsPerPoint} steps. At the end: ${lines.map(({ label, points }) => `${label} ${points.at(-1)?.[1].toPrecision(3) ?? ''}`).join('; ')}.`,
  });
}

function meanCurve({ outcomes }: VariantResult): [number, number][] {
  const [first] = outcomes;
  const whole = first === undefined ? 0 : first.losses.length - first.losses.length % stepsPerPoint;
  const smooth = outcomes.map(({ losses }) => meansOf(losses.slice(0, whole), stepsPerPoint));
  return (smooth[0] ?? []).map((_, point) => [stepsPerPoint * (point + 1), smooth.reduce((sum, curve) => sum + (curve[point] ?? Number.NaN), 0) / smooth.length]);
}
