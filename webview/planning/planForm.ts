/** What a plan must keep to: a budget, which bytes it counts, a longest step, and how much the result may change. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { PlanLimits } from '../../src/protocol/planningWire';
import { risks, riskWords, type Risk } from '../../src/protocol/risks';
import { element, setAttribute, setText } from '../dom';

export interface PlanForm {
  readonly element: HTMLElement;
  /** Puts the budget of the run's settings into a field that nobody has touched. */
  prefill(budget: number | null): void;
  setBusy(busy: boolean): void;
}

const megabyte = 1e6;
const counted = { peak: 'peak of a step', stored: 'stored, as papers count' } as const;

export function createPlanForm(find: (limits: PlanLimits) => void, cancel: () => void): PlanForm {
  const budget = element('input', { id: 'plan-budget', type: 'number', min: 0.001, step: 'any', placeholder: 'none' });
  const most = element('input', { id: 'plan-time', type: 'number', min: 0.001, step: 'any', placeholder: 'any' });
  const what = element('select', { id: 'plan-counted' }, ...Object.entries(counted).map(([value, words]) => element('option', { value }, words)));
  const risk = element('select', { id: 'plan-risk' }, ...risks.map(value => element('option', { value, selected: value === 'sparsity' }, value === 'same' ? riskWords.same : `up to: ${riskWords[value]}`)));
  const button = element('vscode-button', { 'data-action': 'plan' }, 'Find savings');
  const refusal = element('p', { class: 'refusal', role: 'alert', hidden: true });
  const form = element('form', { class: 'plan-form' },
    field('Budget', budget, 'MB'), field('It counts', what), field('Longest step', most, 'ms'), field('May change', risk), button, refusal);
  let isBusy = false;
  let touched = false;
  const go = () => {
    if (isBusy) {
      cancel();
      return;
    }
    const wrong = [budget, most].find(({ validity }) => !validity.valid);
    refusal.hidden = wrong === undefined;
    setText(refusal, wrong === undefined ? '' : `${wrong === budget ? 'The budget is in MB (10⁶ bytes)' : 'The longest step is in milliseconds'}: a number above 0, or nothing.`);
    if (wrong === undefined) find(limitsIn(budget.value, most.value, what.value as keyof typeof counted, risk.value as Risk));
  };
  form.noValidate = true;
  budget.addEventListener('input', () => { touched = true; });
  button.addEventListener('click', go);
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('keydown', ({ key, target }) => { if (key === 'Enter' && target instanceof HTMLInputElement) go(); });
  return {
    element: form,
    prefill: given => { if (!touched) budget.value = given === null ? '' : String(given); },
    setBusy: busy => {
      isBusy = busy;
      button.secondary = busy;
      setText(button, busy ? 'Cancel' : 'Find savings');
      setAttribute(button, 'data-busy', busy);
    },
  };
}

function field(label: string, input: HTMLElement, unit?: string): HTMLElement {
  const box = unit === undefined ? input : element('span', { class: 'box' }, input, element('span', { class: 'unit' }, unit));
  return element('div', { class: 'field' }, element('label', { for: input.id }, label), box);
}

function limitsIn(budget: string, most: string, what: keyof typeof counted, mostRisk: Risk): PlanLimits {
  return {
    ...(budget.trim() === '' ? {} : { budgetBytes: Math.max(1, Math.round(Number(budget) * megabyte)) }), counted: what,
    ...(most.trim() === '' ? {} : { mostStepMs: Number(most) }), mostRisk,
  };
}
