/** EFCP: Plan Memory…: asks for a budget, lets the planner weigh combinations, and applies the one that is chosen. */
import * as vscode from 'vscode';
import { formatMegabyteChange, formatMegabytes, formatMilliseconds, formatRelativeChange } from '../protocol/format';
import type { Plan, PlanPoint } from '../protocol/plan';
import { planLimits, type PlanLimits } from '../protocol/planningWire';
import { riskWords } from '../protocol/risks';
import type { RunPanels } from './panels';
import { PlanningRefused, type Planner } from './planner';
import { planTarget, type PlanTarget } from './planTarget';
import type { Runs } from './runs';
import { mayRun } from './trust';

const megabyte = 1e6;

/** Resolves to the words of what was applied; undefined where nothing was. */
export async function planMemory(planner: Planner, runs: Runs, panels: RunPanels, argument: unknown): Promise<string | undefined> {
  if (!mayRun('Planning')) return undefined;
  const target = await planTarget(argument, runs, panels);
  const limits = await askLimits(target);
  if (limits === undefined) return undefined;
  const plan = await weighed(planner, target, limits);
  const point = plan && await pickPoint(target, plan);
  if (point === undefined || plan === undefined) return undefined;
  await target.apply(point, plan);
  return point.words;
}

async function askLimits({ name, settings }: PlanTarget): Promise<PlanLimits | undefined> {
  const text = await vscode.window.showInputBox({
    title: `Plan Memory of ${name}`, value: settings.memoryBudget === null ? '' : String(settings.memoryBudget),
    prompt: 'Budget in MB (10⁶ bytes). Leave it empty to see all combinations that no other beats.',
    validateInput: typed => typed.trim() === '' || Number(typed) > 0 ? undefined : `The budget is ${JSON.stringify(typed)}, but must be a number of MB above 0, or empty. Write for example 8.`,
  });
  if (text === undefined) return undefined;
  const budgetBytes = text.trim() === '' ? undefined : Math.max(1, Math.round(Number(text) * megabyte));
  const counted = await vscode.window.showQuickPick([
    { label: 'The peak of a step', description: 'all that is alive at any instant, workspace included', counted: 'peak' },
    { label: 'What is stored at most', description: 'workspace apart, as papers count', counted: 'stored' },
  ], { title: `Plan Memory of ${name}`, placeHolder: budgetBytes === undefined ? 'Which bytes to compare?' : `What does the budget of ${formatMegabytes(budgetBytes)} limit?` });
  return counted && planLimits.parse({ counted: counted.counted, ...(budgetBytes === undefined ? {} : { budgetBytes }) });
}

async function weighed(planner: Planner, { name, settings }: PlanTarget, limits: PlanLimits): Promise<Plan | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Planning memory of ${name}`, cancellable: true }, async (shown, token) => {
    const control = new AbortController();
    token.onCancellationRequested(() => control.abort(new vscode.CancellationError()));
    let share = 0;
    try {
      return await planner.plan(settings, { limits, signal: control.signal, progress: ({ done, of, what }) => {
        shown.report({ message: what, increment: 100 * (done / of - share) });
        share = done / of;
      } });
    } catch (error) {
      if (error instanceof vscode.CancellationError) return undefined;
      throw error instanceof PlanningRefused ? new Error(`Memory of ${name} cannot be planned: ${error.message}`) : error;
    }
  });
}

interface PointItem extends vscode.QuickPickItem {
  readonly point?: PlanPoint;
}

async function pickPoint({ name }: PlanTarget, plan: Plan): Promise<PlanPoint | undefined> {
  const best = plan.chosen === undefined ? undefined : plan.front[plan.chosen];
  const others = plan.front.filter(point => point !== best && Object.keys(point.changes).length > 0);
  const items: PointItem[] = [
    ...(best === undefined ? [] : [{ label: 'Best that fits', kind: vscode.QuickPickItemKind.Separator }, itemOf(best, plan)]),
    { label: best === undefined ? 'No other beats these in bytes, time and risk' : 'The others that none beats', kind: vscode.QuickPickItemKind.Separator }, ...others.map(point => itemOf(point, plan)),
  ];
  const batch = plan.largestBatch === undefined ? '' : ` Largest batch that fits as it is: ${plan.largestBatch.batchSize}.`;
  const fits = plan.budgetBytes === undefined || best !== undefined ? '' : `Nothing fits ${formatMegabytes(plan.budgetBytes)}. `;
  const picked = await vscode.window.showQuickPick(items, {
    title: `Plan of ${name}: ${formatMegabytes(bytesOf(plan.given, plan))} as it is`, placeHolder: `${fits}Choose what to apply.${batch}`, matchOnDescription: true, matchOnDetail: true,
  });
  return picked?.point;
}

function itemOf(point: PlanPoint, plan: Plan): PointItem {
  const { given, budgetBytes } = plan;
  const bytes = bytesOf(point, plan);
  const time = point.stepMs === undefined ? [] : [
    `${formatMilliseconds(point.stepMs)} a step${given.stepMs === undefined || given.stepMs === 0 ? '' : ` (${formatRelativeChange(point.stepMs / given.stepMs - 1)})`}`,
  ];
  const fits = budgetBytes === undefined || bytes > budgetBytes ? '' : '$(check) ';
  return {
    label: `${fits}${formatMegabytes(bytes)}`, description: [formatMegabyteChange(bytes - bytesOf(given, plan)), ...time, riskWords[point.risk]].join(' · '), detail: point.words, point,
  };
}

function bytesOf({ peakBytes, storedBytes }: PlanPoint, { counted }: Plan): number {
  return counted === 'peak' ? peakBytes : storedBytes;
}
