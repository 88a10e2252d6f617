/** The convergence report: one Markdown page, its pictures, and the same results as plain data. */
import { curvePictures } from './curvePictures';
import { gridTable, markdownTable, resultTable, shortNumber } from './resultTable';
import { leftAside, type RosenbrockPath } from './rosenbrock';
import { rosenbrockPicture } from './rosenbrockPicture';
import type { StudyResult } from './study';
import { atLeastWithout, atMostWith, isShown, verdict, type Finding } from './verdict';

export interface ConvergenceResults {
  readonly studies: readonly StudyResult[];
  readonly rosenbrock: { readonly paths: readonly RosenbrockPath[]; readonly steps: number; readonly learningRate: number };
  readonly seeds: readonly number[];
  /** What it all ran on, for the page. */
  readonly machine: string;
}

export interface Report {
  readonly markdown: string;
  /** Texts of SVG files by name. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly holds: boolean;
}

export function convergenceReport(results: ConvergenceResults): Report {
  const softmax = results.studies.find(({ study }) => study.name === 'softmax');
  const findings = softmax === undefined ? [] : verdict(softmax);
  const holds = isShown(findings);
  const drawn = results.studies.map(result => ({ result, curves: curvePictures(result) }));
  const markdown = [
    '# Convergence of compressed preconditioners',
    `Every figure on this page was measured by this program, in this run, on ${results.machine}, with ${results.seeds.length} seeds (${results.seeds.join(', ')}); none is taken from a paper. `
      + 'Each method has the learning rate of its own best median over the seeds: at a shared one, smaller gradients make larger second-order steps and would flatter compression without error feedback. '
      + 'Methods marked *ours* are combinations that the paper (arXiv 2306.06098) does not have.',
    ...verdictSection(findings, holds),
    ...drawn.flatMap(({ result, curves }) => studySection(result, curves)),
    ...rosenbrockSection(results.rosenbrock),
    '## Appendix: the learning rates tried',
    'Median final loss at every learning rate; the best of each row is bold, a run that diverged counts as ∞.',
    ...results.studies.flatMap(result => [`### ${result.study.title}`, gridTable(result)]),
  ].join('\n\n');
  const pictures = Object.fromEntries([...drawn.flatMap(({ curves }) => Object.entries(curves)), ['rosenbrock.svg', rosenbrockPicture(results.rosenbrock.paths)]]);
  return { markdown: `${markdown}\n`, pictures, findings, holds };
}

function verdictSection(findings: readonly Finding[], holds: boolean): string[] {
  const lines = findings.map(({ family, errorFeedback, ratio, holds: one }) => `- ${one ? 'holds' : '**fails**'}: ${family}, Top-K 1 % ${errorFeedback ? 'with' : 'without'} error feedback ends at `
    + `${shortNumber(ratio)} × the dense loss (claimed: at ${errorFeedback ? `most ${atMostWith}` : `least ${atLeastWithout}`} ×)`);
  return [
    '## Verdict',
    `**The claim ${holds ? 'holds' : 'was not reproduced'}** on the ill-conditioned softmax problem: compressed to 1 %, a preconditioner loses next to nothing with error feedback, and much without it.`,
    lines.join('\n'),
  ];
}

function studySection(result: StudyResult, curves: Readonly<Record<string, string>>): string[] {
  const { study } = result;
  const pictures = Object.keys(curves).map(file => `![Loss curves: ${study.title}, ${file.replace(/\.svg$/, '')}](${file})`);
  return [`## ${study.title}`, study.description, resultTable(result), pictures.join('\n')];
}

function rosenbrockSection({ paths, steps, learningRate }: ConvergenceResults['rosenbrock']): string[] {
  const [whole] = paths;
  const rows = paths.map(path => [path.label, path.loss.toExponential(2), path === whole || whole === undefined ? '' : leftAside(whole, path).toFixed(2)]);
  return [
    '## Rosenbrock\'s valley',
    `(1 − x)² + 100 (y − x²)² from (−½, 1): ${steps} steps of Adam at learning rate ${learningRate}, on the whole gradient and on the larger of its two entries. Cut, Adam drops down the one coordinate that is steepest and takes another way; with error feedback it finds back to the way of the whole gradient.`,
    markdownTable(['method', 'f at the end', 'Adam\'s path passes it by at most'], rows, [1, 2]),
    '![Paths of the three methods over the level lines of the function](rosenbrock.svg)',
  ];
}
