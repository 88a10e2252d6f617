/** The combinations of a plan that no other beats, as in the panel: bytes to the right, time upwards, what may happen to the result as colour and shape. */
import { countedBytes } from '../../protocol/countedBytes';
import { formatCount, formatMegabytes, formatMilliseconds } from '../../protocol/format';
import type { Plan, PlanPoint } from '../../protocol/plan';
import { risks, riskWords, type Risk } from '../../protocol/risks';
import { linearAxis, logAxis, type Axis } from '../plots/axes';
import { disc, stroke, words, type Area, type Place, type Scene, type Shape } from '../pictures/scene';
import { chart, frame } from './chart';
import { alarm, categoryColors, muted, train } from './colors';

const colors: Readonly<Record<Risk, string>> = { same: '#13795f', rounding: train, statistics: '#8a6100', precision: categoryColors.optimizerState, sparsity: categoryColors.unattributed };
/** Corners on a circle around the place; undefined: a disc. */
const corners: Readonly<Record<Risk, readonly number[] | undefined>> = {
  same: undefined, rounding: [45, 135, 225, 315], statistics: [0, 90, 180, 270], precision: [-90, 30, 150], sparsity: [-90, -54, -18, 18, 54, 90, 126, 162, 198, 234],
};
const [radius, chosenRadius] = [5, 8];
/** Of a star, beside its points. */
const inner = 0.45;
/** Free room beyond the data. */
const room = 1.08;
/** How many times the least the most is where the axis is of logarithms. */
const wide = 20;

/** Undefined where fewer than two of them have a time. `title`: what the plan is for. */
export function planChart(plan: Plan, title: string): Scene | undefined {
  const points = plan.front.filter(({ stepMs }) => stepMs !== undefined);
  if (points.length < 2) return undefined;
  const bytesOf = (point: PlanPoint) => countedBytes(point, plan);
  const { budgetBytes, counted, chosen } = plan;
  const x = megabyteAxis(counted === 'peak' ? 'peak of a step' : 'stored at most', [...points.map(bytesOf), ...budgetBytes === undefined ? [] : [budgetBytes]]);
  const y = linearAxis('time of a step', 0, room * Math.max(...points.map(({ stepMs }) => stepMs ?? 0)), frame.bottom, frame.top);
  const place = (point: PlanPoint): Place => [x.at(bytesOf(point) / 1e6), y.at(point.stepMs ?? 0)];
  const about = (point: PlanPoint) => `${point.words}: ${formatMegabytes(bytesOf(point))}, ${formatMilliseconds(point.stepMs ?? 0)} a step, ${riskWords[point.risk]}`;
  const best = chosen === undefined ? undefined : plan.front[chosen];
  return chart({
    title, subtitle: `${points.length} combinations that no other beats, of ${formatCount(plan.weighed)}`, description: `${points.map(about).join('; ')}.`,
    x, y, yMark: ms => ms === 0 ? '0' : formatMilliseconds(ms),
    legend: risks.filter(risk => points.some(point => point.risk === risk)).map(risk => ({ label: riskWords[risk], color: colors[risk], shape: 'box' })),
    notes: best === undefined ? [] : [{ x: bytesOf(best) / 1e6, text: about(best), kind: 'change' }],
    content: [...budgetLine(budgetBytes, x.at), ...points.map(point => marked(place(point), point, point === best ? chosenRadius : radius, about(point)))],
  });
}

/** Of shares rather than differences where they span much. */
function megabyteAxis(what: string, bytes: readonly number[]): Axis {
  const [least, most] = [Math.min(...bytes) / 1e6, Math.max(...bytes) / 1e6];
  const [label, { left, right }] = [`${what}, MB`, frame];
  return least > 0 && most / least > wide ? logAxis(label, least / room, room * most, left, right) : linearAxis(label, 0, room * most, left, right);
}

function budgetLine(bytes: number | undefined, at: (megabytes: number) => number): Shape[] {
  if (bytes === undefined) return [];
  const place = at(bytes / 1e6);
  const isRight = place > (frame.left + frame.right) / 2;
  return [stroke([[place, frame.top], [place, frame.bottom]], alarm, 1.2, [5, 4]), words(`budget ${formatMegabytes(bytes)}`, [place + (isRight ? -6 : 6), frame.bottom - 8], muted, { anchor: isRight ? 'end' : 'start' })];
}

function marked([x, y]: Place, { risk }: PlanPoint, size: number, about: string): Area {
  const angles = corners[risk];
  if (angles === undefined) return { ...disc([x, y], size, colors[risk]), about };
  const points = angles.map((angle, index): Place => {
    const reach = risk === 'sparsity' && index % 2 === 1 ? inner * size : 1.2 * size;
    return [x + reach * Math.cos(angle * Math.PI / 180), y + reach * Math.sin(angle * Math.PI / 180)];
  });
  return { kind: 'area', fill: colors[risk], points, about };
}
