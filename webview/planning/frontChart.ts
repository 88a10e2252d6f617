/** Points that no other beats, as a picture: bytes to the right, time upwards, what happens to the result as colour and shape. */
import { Chart, type ChartDataset, type PointStyle } from 'chart.js';
import { countedBytes } from '../../src/protocol/countedBytes';
import type { Plan, PlanPoint } from '../../src/protocol/plan';
import { formatFigure, formatMegabytes, formatMilliseconds } from '../../src/protocol/format';
import { risks, riskWords, type Risk } from '../../src/protocol/risks';
import { planChart } from '../../src/exports/charts/planChart';
import { svgScene } from '../../src/exports/pictures/svgScene';
import { createPictureButtons } from '../charts/chartActions';
import { chartPicture } from '../charts/chartPicture';
import { element, setAttribute } from '../dom';
import type { Palette } from '../theme';

const shapes: Readonly<Record<Risk, PointStyle>> = { same: 'circle', rounding: 'rect', statistics: 'rectRot', precision: 'triangle', sparsity: 'crossRot' };
const fontSize = 11;
type Dot = { x: number; y: number; point: PlanPoint };
type Picture = Chart<'line', Dot[]>;

export interface FrontChart {
  readonly element: HTMLElement;
  show(plan: Plan): void;
  recolor(palette: Palette): void;
  dispose(): void;
}

export interface FrontActions {
  /** A point was clicked. */
  readonly chosen: (point: PlanPoint) => void;
  readonly save: (picture: { readonly png: string } | { readonly svg: string }) => void;
}

const title = 'Bytes and time of combinations';

export function createFrontChart(palette: Palette, { chosen, save }: FrontActions): FrontChart {
  const canvas = element('canvas', { role: 'img' });
  const buttons = element('div', { class: 'chart-buttons' }, ...createPictureButtons(title, format => {
    if (picture === undefined || shown === undefined) return;
    const scene = format === 'svg' ? planChart(shown, title) : undefined;
    if (scene !== undefined) save({ svg: svgScene(scene) });
    if (format === 'png') save({ png: chartPicture(picture, { title, caption: shown.counted === 'peak' ? 'at the peak' : 'as stored' }, colors) });
  }));
  const figure = element('figure', { class: 'front', hidden: true }, buttons, element('div', { class: 'chart-box' }, canvas));
  let [picture, colors, shown]: [Picture | undefined, Palette, Plan | undefined] = [undefined, palette, undefined];
  const draw = () => {
    picture?.destroy();
    picture = undefined;
    if (shown === undefined) return;
    const timed = shown.front.filter(({ stepMs }) => stepMs !== undefined);
    figure.hidden = timed.length < 2;
    if (timed.length < 2) return;
    setAttribute(canvas, 'aria-label', summary(shown, timed));
    picture = drawFront(canvas, shown, timed, colors, chosen);
  };
  return {
    element: figure,
    show: plan => {
      shown = plan;
      draw();
    },
    recolor: next => {
      colors = next;
      draw();
    },
    dispose: () => picture?.destroy(),
  };
}

function summary(plan: Plan, points: readonly PlanPoint[]): string {
  const said = points.map(point => `${point.words}: ${formatMegabytes(countedBytes(point, plan))}, ${formatMilliseconds(point.stepMs ?? 0)} a step, ${riskWords[point.risk]}`);
  return `Bytes and time of ${points.length} combinations, which the table below lists too. ${said.join('; ')}.`;
}

function drawFront(canvas: HTMLCanvasElement, plan: Plan, points: readonly PlanPoint[], palette: Palette, chosen: (point: PlanPoint) => void): Picture {
  const datasets = risks.flatMap((risk): ChartDataset<'line', Dot[]>[] => {
    const data = points.filter(point => point.risk === risk).map(point => ({ x: countedBytes(point, plan), y: point.stepMs ?? 0, point }));
    const size = (best: number, other: number) => data.map(({ point }) => plan.chosen !== undefined && plan.front[plan.chosen] === point ? best : other);
    return data.length === 0 ? [] : [{
      label: riskWords[risk], data, showLine: false, borderColor: palette.risks[risk], backgroundColor: palette.risks[risk], pointStyle: shapes[risk],
      pointRadius: size(8, 5), pointHoverRadius: size(9, 7), pointBorderWidth: 2, pointHitRadius: 10,
    }];
  });
  const font = { size: fontSize, family: palette.fontFamily };
  const scale = (title: string, mark: (value: number) => string) => ({
    type: 'linear' as const, beginAtZero: true, border: { color: palette.grid }, grid: { color: palette.grid, drawTicks: false }, title: { display: true, text: title, color: palette.muted, font },
    ticks: { color: palette.muted, font, maxRotation: 0, padding: 6, maxTicksLimit: 6, callback: (value: number | string) => mark(Number(value)) },
  });
  const { background, text, border } = palette.tooltip;
  const { budgetBytes } = plan;
  return new Chart<'line', Dot[]>(canvas, {
    type: 'line', data: { datasets },
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, parsing: false, interaction: { mode: 'nearest', intersect: true }, layout: { padding: { top: 8, right: 12 } },
      scales: { x: scale(plan.counted === 'peak' ? 'peak of a step' : 'stored at most', bytes => `${formatFigure(bytes / 1e6)} MB`), y: scale('a step', formatMilliseconds) },
      onClick: (_, [hit]) => {
        const point = hit && datasets[hit.datasetIndex]?.data[hit.index]?.point;
        if (point !== undefined) chosen(point);
      },
      plugins: {
        annotation: { annotations: budgetBytes === undefined ? [] : [{
          type: 'line', scaleID: 'x', value: budgetBytes, borderColor: palette.marker, borderDash: [4, 3], borderWidth: 1,
          label: { display: true, content: 'budget', position: 'start', backgroundColor: palette.background, color: palette.text, font, padding: 2 },
        }] },
        tooltip: {
          animation: false, backgroundColor: background, borderColor: border, borderWidth: 1, cornerRadius: 3, padding: 8, titleColor: text, bodyColor: text, titleFont: font, bodyFont: font, displayColors: false,
          callbacks: {
            title: ([item]) => (item?.raw as Dot | undefined)?.point.words ?? '',
            label: ({ raw }) => [`${formatMegabytes((raw as Dot).x)}, ${formatMilliseconds((raw as Dot).y)} a step`, riskWords[(raw as Dot).point.risk]],
          },
        },
      },
    },
  });
}
