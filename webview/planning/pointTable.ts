/** Points of a plan as rows: what is changed, its bytes and time beside those of the settings as given, what it does to the result, and Apply. */
import { countedBytes } from '../../src/protocol/countedBytes';
import type { Plan, PlanPoint } from '../../src/protocol/plan';
import { timeMark } from '../../src/protocol/timeMark';
import { formatMegabyteChange, formatMegabytes, formatMilliseconds, formatRelativeChange } from '../../src/protocol/format';
import { riskWords } from '../../src/protocol/risks';
import { element, setAttribute } from '../dom';
import { absent, formatExactBytes } from '../format';

export interface PointTable {
  readonly element: HTMLElement;
  show(points: readonly PlanPoint[], plan: Plan): void;
  /** Brings the best that fits into view, within the table: there may be many more than there is room for. */
  showBest(): void;
  /** Marks the row of a point, and brings it into view. */
  select(point: PlanPoint): void;
  setStale(stale: boolean): void;
}

export function createPointTable(name: string, caption: string, apply: (point: PlanPoint) => void): PointTable {
  const body = element('tbody');
  const head = element('tr', {}, element('th', { scope: 'col' }, 'Settings'), element('th', { scope: 'col' }, 'Bytes'), element('th', { scope: 'col' }, 'Step'), element('td'));
  const table = element('table', { class: 'figures points', 'data-points': name }, element('caption', {}, caption), element('thead', {}, head), body);
  const box = element('div', { class: 'points-box' }, table);
  let shown: readonly PlanPoint[] = [];
  return {
    element: box,
    show: (points, plan) => {
      shown = points;
      table.hidden = points.length === 0;
      body.replaceChildren(...points.map(point => rowOf(point, plan, apply)));
    },
    showBest: () => {
      const best = body.querySelector<HTMLElement>('[data-best]');
      if (best !== null) box.scrollTop = best.offsetTop - (box.clientHeight - best.offsetHeight) / 2;
    },
    select: point => {
      for (const [index, row] of [...body.children].entries()) setAttribute(row, 'aria-current', shown[index] === point);
      body.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
    },
    setStale: stale => { for (const button of body.querySelectorAll('button')) button.disabled = stale; },
  };
}

function rowOf(point: PlanPoint, plan: Plan, apply: (point: PlanPoint) => void): HTMLElement {
  const { given, budgetBytes, front, chosen } = plan;
  const bytes = countedBytes(point, plan);
  const isGiven = Object.keys(point.changes).length === 0;
  const fits = budgetBytes === undefined ? [] : [bytes <= budgetBytes ? 'fits' : 'does not fit'];
  const isBest = chosen !== undefined && front[chosen] === point;
  const words = element('div', { class: 'risk' }, mark(point), [isGiven ? 'as it is' : riskWords[point.risk], ...(isBest ? ['best that fits'] : fits)].join(' · '));
  const delta = isGiven ? [] : [element('div', { class: 'delta' }, formatMegabyteChange(bytes - countedBytes(given, plan)))];
  const button = element('button', { class: 'quiet', type: 'button', 'data-action': 'apply', 'aria-label': `Apply ${point.words}` }, 'Apply');
  button.addEventListener('click', () => apply(point));
  return element('tr', { 'data-point': point.words, 'data-best': isBest },
    element('th', { scope: 'row' }, point.words, words),
    element('td', { 'data-value': bytes, title: formatExactBytes(bytes) }, formatMegabytes(bytes), ...delta),
    element('td', {}, ...timeOf(point, given, isGiven)),
    element('td', {}, ...(isGiven ? [] : [button])));
}

function timeOf({ stepMs, timed }: PlanPoint, given: PlanPoint, isGiven: boolean): readonly (Node | string)[] {
  if (stepMs === undefined) return [absent];
  const share = given.stepMs === undefined || given.stepMs === 0 || isGiven ? [] : [element('div', { class: 'delta' }, `${timeMark(timed)}${formatRelativeChange(stepMs / given.stepMs - 1)}`)];
  return [`${timeMark(timed)}${formatMilliseconds(stepMs)}`, ...share];
}

/** The shape and colour that the picture draws the point in. */
function mark({ risk }: PlanPoint): HTMLElement {
  return element('span', { class: `risk-mark ${risk}`, 'aria-hidden': 'true' });
}
