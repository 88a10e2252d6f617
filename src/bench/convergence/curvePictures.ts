/** Pictures of a study: for each family the curves of its Top-K methods and of its low-rank ones, beside the dense one's. */
import { lineChart, type Line } from '../../exports/plots/lineChart';
import { median } from '../statistics';
import { compressions, type Compression } from './methods';
import { denseOf, familiesIn, type MethodResult, type StudyResult } from './study';

const kinds = { 'top-k': 'Top-K', 'low-rank': 'rank' } as const;

/** Texts of SVG files by name. */
export function curvePictures(result: StudyResult): Readonly<Record<string, string>> {
  const { study } = result;
  return Object.fromEntries(familiesIn(result).filter(family => family !== 'baseline').flatMap(family => Object.entries(kinds).flatMap(([kind, start]) => {
    const shown = result.results.filter(({ method }) => method.family === family && method.compression.startsWith(start));
    const dense = denseOf(result, family);
    if (shown.length === 0) return [];
    const all = [...dense === undefined ? [] : [dense], ...shown].filter(({ best }) => best.outcomes.some(({ curve }) => curve.length > 0));
    const chart = lineChart(all.map(lineOf), {
      title: `${study.title}: ${family}, ${kind === 'top-k' ? 'compressed by Top-K' : 'compressed to low rank'}`,
      description: `Loss over steps, median over seeds, each method at its best learning rate; dashed without error feedback. At the end: ${all.map(endText).join('; ')}.`,
      xLabel: 'step', yLabel: 'loss',
    });
    return [[`${study.name}-${family.toLowerCase().replace(/[^a-z]/g, '')}-${kind}.svg`, chart] as const];
  })));
}

function lineOf({ method, best }: MethodResult): Line {
  return { label: nameOf(method), points: medianCurve(best), color: colorOf(method.compression), dashed: method.errorFeedback === false };
}

function nameOf({ compression, errorFeedback }: MethodResult['method']): string {
  return compression === 'none' ? 'dense' : `${compression}, ${errorFeedback === true ? 'with' : 'without'} feedback`;
}

function endText({ method, best }: MethodResult): string {
  return `${nameOf(method)} ${best.median.toPrecision(3)}`;
}

/** The same compression has the same colour in every picture. */
function colorOf(compression: Compression): number {
  return compressions.indexOf(compression);
}

/** Point by point; seeds that diverged have no curve and are left out. */
function medianCurve({ outcomes }: MethodResult['best']): [number, number][] {
  const curves = outcomes.map(({ curve }) => curve).filter(curve => curve.length > 0);
  return (curves[0] ?? []).map(({ step }, index): [number, number] => [step, median(curves.map(curve => curve[index]?.loss ?? Number.NaN))]);
}
