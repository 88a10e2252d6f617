/**
 * All ways to run the passes of a step: slices of the batch x storage of activations x recomputation. For each the bytes of activations,
 * their gradients and the batch at the highest instant, exactly as the tape will hold them, and time, nominal until it is measured (times.ts).
 *
 * Budgets for recomputation: of so many between the least possible and all that would be kept, each the cheapest way to cut the model that
 * dynamic programming finds (gradients/recompute/planner.ts). It is looked for at the size of the whole batch; bytes grow in proportion, so
 * the same cut serves smaller slices, and its bytes there, counted anew, become their budget. A run that is given a budget looks for itself, by times
 * that it measures, and holds no more than the budget.
 */
import type { ModelFigures } from '../gradients/recompute/figures';
import { dataflowOf } from '../gradients/recompute/dataflow';
import { cheapestWithin, leastBudget } from '../gradients/recompute/planner';
import { RecomputeError, segmentsOf } from '../gradients/recompute/policies';
import { rerunOf } from '../gradients/recompute/rerun';
import { keepAll, type Segment } from '../gradients/recompute/segment';
import { predictedActivationBytes } from '../gradients/recompute/stepBytes';
import { sizeOf, type Model } from '../models/model';
import type { Settings } from '../settings/knobs';
import { policyOf } from '../trainer/memoryPlan';
import { forwardMs, packingMs, withNominalTimes } from './nominalTime';
import { joined, type Option } from './option';
import { activationOptions, microbatchOptions } from './passLevers';
import type { ModelCosts } from '../trainer/estimate/modelCosts';
import type { PassWay } from '../trainer/probe/passProbe';

export interface PassOption extends Option {
  /** Activations, their gradients and the batch. */
  readonly bytes: number;
  /** Of the mean step. */
  readonly slices: number;
  /** How often a slice has a parameter lent, on average. */
  readonly lendings: number;
  readonly way: PassWay;
  /** Of all passes of the mean step, and of such passes in float32 that recompute nothing. */
  readonly ms: number;
  readonly plainMs: number;
  readonly isTimed: boolean;
  /** What is recomputed, where only a budget says so. */
  readonly segments?: readonly Segment[];
}

export const budgetLevels = 6;

export function passOptions(given: Settings, costs: ModelCosts): PassOption[] {
  const { model, examples } = costs;
  return activationOptions(given).flatMap(activation => {
    const cuts = cutsUnder({ ...given, ...activation.change }, costs);
    return microbatchOptions(given, model, examples).flatMap(slice => {
      const settings = { ...given, ...activation.change, ...slice.change };
      return cheapestOfEach(cuts.map(cut => passOption(settings, costs, cut, joined(slice, activation))));
    });
  });
}

/** Two cuts may need the same budget, to the kilobyte: a run takes the cheaper. */
function cheapestOfEach(options: readonly PassOption[]): PassOption[] {
  const best = new Map<string, PassOption>();
  for (const option of options) {
    const key = JSON.stringify(option.change);
    if ((best.get(key)?.ms ?? Infinity) > option.ms) best.set(key, option);
  }
  return [...best.values()];
}

/** What is recomputed: a policy by name, or a cut that a budget leads to. */
interface Cut {
  readonly change: Partial<Settings>;
  readonly segments: readonly Segment[];
  /** Whose budget led to it. */
  readonly budget?: 'given' | 'found';
}

function cutsUnder(settings: Settings, costs: ModelCosts): Cut[] {
  const { model, examples } = costs;
  const figures = withNominalTimes(costs.figuresFor(sliceOf(settings, examples)));
  const own = segmentsUnder(model, settings, figures);
  const named = (['none', 'block', 'sqrt'] as const).filter(recompute => recompute !== settings.recompute)
    .map((recompute): Cut => ({ change: { recompute }, segments: segmentsOf(model, { kind: recompute }) }));
  const whole = withNominalTimes(costs.figuresFor(examples));
  // Of sequences no slice is like another: what one budget serves, a longer one may not fit.
  const planned = !costs.isUniform ? [] : budgets(model, whole, bytesPerElement(settings)).map((segments): Cut => ({ change: { recompute: 'budget' }, segments, budget: 'found' }));
  return distinct([...own === undefined ? [] : [{ change: {}, segments: own, ...(settings.recompute === 'budget' ? { budget: 'given' as const } : {}) }], ...named, ...planned]);
}

/** Undefined where the given settings cannot be met. */
function segmentsUnder(model: Model, settings: Settings, figures: ModelFigures): readonly Segment[] | undefined {
  try {
    return segmentsOf(model, policyOf(settings), figures);
  } catch (error) {
    if (!(error instanceof RecomputeError)) throw error;
    return undefined;
  }
}

function budgets(model: Model, figures: ModelFigures, width: 2 | 4): (readonly Segment[])[] {
  const [least, most] = [leastBudget(model, figures, width), predictedActivationBytes(model, keepAll(model), figures, width).peak];
  if (least >= most) return [];
  return Array.from({ length: budgetLevels }, (_, level) => cheapestWithin(model, figures, least * (most / least) ** (level / budgetLevels), width)?.segments ?? []).filter(({ length }) => length > 0);
}

/** Of cuts that are the same stretches the first. */
function distinct(cuts: readonly Cut[]): Cut[] {
  const seen = new Set<string>();
  return cuts.filter(({ segments }) => {
    const key = segments.map(({ from, to, recompute }) => `${from} ${to} ${recompute}`).join();
    return !seen.has(key) && seen.add(key);
  });
}

function passOption(settings: Settings, costs: ModelCosts, { change, segments, budget }: Cut, { change: others, risk, halvings }: Option): PassOption {
  const { model, examples, meanExamples } = costs;
  const size = sliceOf(settings, examples);
  const [figures, width] = [withNominalTimes(costs.figuresFor(size)), bytesPerElement(settings)];
  const { peak, stored } = predictedActivationBytes(model, segments, figures, width);
  const found = budget === 'found' ? { recomputeBudget: budgetFor(peak) } : {};
  const { recomputeBudget } = { ...settings, ...found };
  const slices = Math.max(1, Math.ceil(meanExamples / size));
  const flow = dataflowOf(model);
  const rerun = segments.filter(({ recompute }) => recompute).flatMap(({ from, to }) => rerunOf(flow, from, to).nodes);
  const scale = meanExamples / size;
  const plainMs = scale * 3 * forwardMs(figures);
  return {
    change: { ...others, ...change, ...found }, risk, halvings,
    // A run looks for cuts itself, and may use all of a budget.
    bytes: (budget === undefined ? peak : Math.floor(1e6 * recomputeBudget)) + figures.batchBytes,
    slices, lendings: 2 + entriesAt(model, rerun) / entriesAt(model),
    way: { segments, activationPrecision: settings.activationPrecision },
    plainMs, ms: plainMs + scale * (forwardMs(figures, rerun) + (width === 2 ? packingMs(stored) : 0)), isTimed: false,
    ...(budget === 'found' ? { segments } : {}),
  };
}

/** Of the parameters that these nodes read. */
function entriesAt({ nodes, parameters }: Model, among: readonly number[] = nodes.map((_, index) => index)): number {
  return among.flatMap(index => nodes[index]?.parameters ?? []).reduce((sum, place) => sum + sizeOf(parameters[place]?.shape ?? []), 0);
}

/** In MB, to the kilobyte above, so that what it was found for fits. */
function budgetFor(bytes: number): number {
  const kilobytes = Math.ceil(bytes / 1000);
  return Math.max(0.001, 1e6 * (kilobytes / 1000) < bytes ? (kilobytes + 1) / 1000 : kilobytes / 1000);
}

function sliceOf({ microbatch }: Settings, examples: number): number {
  return Math.min(microbatch ?? examples, examples);
}

function bytesPerElement({ activationPrecision }: Settings): 2 | 4 {
  return activationPrecision === 'float32' ? 4 : 2;
}
