/** Suggestions: what would save the most, with a button; the combinations that no other beats; the largest batch that fits. */
import { countedBytes } from '../../src/protocol/countedBytes';
import { formatMegabytes, formatCount } from '../../src/protocol/format';
import type { Plan, PlanPoint } from '../../src/protocol/plan';
import type { Pictures } from '../component';
import { element, setText } from '../dom';
import { knobWord } from '../labels';
import type { View } from '../store';
import type { Palette } from '../theme';
import type { Post } from '../vscodeApi';
import { createApplyPoint } from './applyPoint';
import { createFrontChart } from './frontChart';
import type { PlanClient } from './planClient';
import { createPlanForm } from './planForm';
import { createPointTable } from './pointTable';
import { verificationWords, type Applied } from './verification';

export function createPlanSection(post: Post, plans: PlanClient, palette: Palette): Pictures {
  let [view, shown, applied]: [View | undefined, Shown | undefined, Applied | undefined] = [undefined, undefined, undefined];
  const question = createApplyPoint(post, point => {
    if (shown === undefined || view === undefined) return;
    applied = { point, plan: shown.plan, changes: view.state.changes.length };
    whole.render(view);
  });
  const apply = (point: PlanPoint) => { if (shown !== undefined && view !== undefined) question.apply(point, shown.plan, view.state); };
  const form = createPlanForm(limits => plans.ask(limits), () => plans.cancel());
  const suggestions = createPointTable('suggestions', 'One change each, what saves most first', apply);
  const front = createPointTable('front', 'Combinations that no other beats in bytes, time and risk together', apply);
  const picture = createFrontChart(palette, point => front.select(point));
  const [status, verified, assumptions] = [element('p', { class: 'remark', role: 'status' }), element('p', { class: 'verified', role: 'status' }), element('ul', { class: 'assumptions' })];
  const bar = element('progress', { 'aria-label': 'Planning', hidden: true });
  const batch = createBatch(apply);
  const more = element('details', { class: 'fold' }, element('summary', {}, 'What must hold for these figures'), assumptions);
  const results = element('div', { class: 'plan-results' },
    suggestions.element, element('div', { class: 'front-pair' }, picture.element, front.element), batch.element);
  const section = element('section', { class: 'plan', 'aria-label': 'Suggestions' }, element('h2', {}, 'Suggestions'), form.element, status, bar, question.element, verified);
  const showPlan = (plan: Plan, settings: string) => {
    shown = { plan, settings };
    question.hide();
    suggestions.show(plan.suggestions, plan);
    front.show(plan.front, plan);
    batch.show(plan);
    assumptions.replaceChildren(...plan.assumptions.map(words => element('li', {}, words)));
    if (plan.assumptions.length > 0) results.append(more);
    else more.remove();
    section.append(results);
  };
  const whole: Pictures = {
    element: section,
    render: next => {
      view = next;
      const { state } = plans;
      section.hidden = next.state.started === undefined;
      form.prefill(next.state.settings.memoryBudget);
      form.setBusy(state.kind === 'underWay');
      const settings = JSON.stringify(next.state.settings);
      if (state.kind === 'plan' && state.plan !== shown?.plan) showPlan(state.plan, settings);
      const stale = shown !== undefined && shown.settings !== settings;
      for (const part of [suggestions, front, batch]) part.setStale(stale);
      bar.hidden = state.kind !== 'underWay';
      if (state.kind === 'underWay') Object.assign(bar, { max: state.of, value: state.done });
      setText(status, wordsOf(plans, shown?.plan, stale));
      verified.hidden = applied === undefined;
      setText(verified, applied === undefined ? '' : verificationWords(applied, next.state));
    },
    pieces: () => [() => {
      if (shown === undefined || shown.isDrawn === true) return;
      shown.isDrawn = true;
      picture.show(shown.plan);
    }],
    recolor: next => picture.recolor(next),
    dispose: () => picture.dispose(),
  };
  return whole;
}

interface Shown {
  readonly plan: Plan;
  /** Those that it is a plan for. */
  readonly settings: string;
  isDrawn?: boolean;
}

function wordsOf({ state }: PlanClient, plan: Plan | undefined, stale: boolean): string {
  if (state.kind === 'underWay') return `${state.what} (${formatCount(state.done)} of ${formatCount(state.of)})`;
  if (state.kind === 'refused') return `No plan: ${state.message}`;
  if (plan === undefined) return 'What would save the most, at what price, and which combination fits a budget.';
  if (stale) return 'The settings have changed since. Find savings again to apply more.';
  const given = `${formatMegabytes(countedBytes(plan.given, plan))} as it is; ${formatCount(plan.weighed)} combinations weighed.`;
  return plan.budgetBytes !== undefined && plan.chosen === undefined ? `Nothing fits ${formatMegabytes(plan.budgetBytes)}. ${given}` : given;
}

/** The largest batch that fits, as one line with Apply. */
function createBatch(apply: (point: PlanPoint) => void) {
  const words = element('span');
  const button = element('button', { class: 'quiet', type: 'button', 'data-action': 'applyBatch' }, 'Apply');
  const line = element('p', { class: 'largest', hidden: true }, words, ' ', button);
  let point: PlanPoint | undefined;
  button.addEventListener('click', () => { if (point !== undefined) apply(point); });
  return {
    element: line,
    show: (plan: Plan) => {
      const { largestBatch, given } = plan;
      line.hidden = largestBatch === undefined;
      if (largestBatch === undefined) return;
      const { batchSize, unit, peakBytes, storedBytes } = largestBatch;
      const bytes = { peakBytes, storedBytes };
      point = { ...given, ...bytes, changes: { [unit]: batchSize }, words: `${knobWord(unit)} ${batchSize}`, risk: 'statistics' };
      setText(words, `Largest batch that fits with the settings as they are: ${formatCount(batchSize)} ${unit === 'batchTokens' ? 'tokens' : batchSize === 1 ? 'example' : 'examples'}, ${formatMegabytes(countedBytes(bytes, plan))}.`);
    },
    setStale: (stale: boolean) => { button.disabled = stale; },
  };
}
