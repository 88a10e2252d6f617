/**
 * A fix for want of memory that is known to fit, where settings can be estimated: combinations from the mildest on, each weighed by an
 * estimate, until one is within the budget. Of what was measured beyond the estimate of the present settings as much is expected of each.
 * Without a budget, the single change that saves most. Takes a few estimates to a few dozen: never in the process that trains.
 */
import { isLive, isUsedBy, type KnobName, type Settings } from '../settings/knobs';
import { isElementwise } from '../settings/memoryTechniques';
import type { Estimate } from './estimate';
import { formatMegabytes } from './format';
import { isAllowed, settingsInWords } from './memoryFix';
import type { Fix } from './runEvents';

export interface FittingFix extends Fix {
  /** Estimated, at the highest instant of a step. */
  readonly peakBytes: number;
}

export interface Fitting {
  readonly settings: Settings;
  readonly budgetBytes?: number | undefined;
  /** The highest instant of a step with these settings. */
  readonly measuredBytes?: number | undefined;
  /** Rejects where settings cannot be trained with, or nothing can be said. */
  readonly estimate: (settings: Settings) => Promise<Pick<Estimate, 'peakBytes' | 'examples'>>;
  readonly signal: AbortSignal;
}

/** So often microbatch, or window, is halved at most. */
const [mostCuts, mostWindowCuts] = [5, 2];

/** Undefined where nothing fits. Rejects where the present settings cannot be estimated, or as the signal says. */
export async function fittingFix({ settings, budgetBytes, measuredBytes, estimate, signal }: Fitting): Promise<FittingFix | undefined> {
  const now = await estimate(settings);
  const unforeseen = Math.max(0, (measuredBytes ?? 0) - now.peakBytes);
  const weigh = async (change: Partial<Settings>): Promise<number> => {
    signal.throwIfAborted();
    if (!isAllowed(change, settings)) return Infinity;
    return estimate({ ...settings, ...change }).then(({ peakBytes }) => peakBytes + unforeseen, () => Infinity);
  };
  const alternatives = alternativesOf(settings, settings.microbatch ?? Math.ceil(now.examples));
  if (budgetBytes === undefined) return thatSavesMost(alternatives, now.peakBytes + unforeseen, weigh);
  for (const change of combinations(alternatives)) {
    const peakBytes = await weigh(change);
    if (peakBytes <= budgetBytes) return told(change, peakBytes);
  }
  return undefined;
}

/** Of each setting, what it may become beside staying as it is; from those that change the result least to those that need a new run. */
function alternativesOf(settings: Settings, slice: number): Partial<Settings>[][] {
  const { optimizer, window, recompute, activationPrecision, momentPrecision, parameterPrecision } = settings;
  return [
    recompute === 'none' ? [{ recompute: 'block' }] : [],
    halvings(slice, mostCuts).map(microbatch => ({ microbatch })),
    activationPrecision === 'float32' ? [{ activationPrecision: 'float16' }] : [],
    isUsedBy('window', optimizer) ? halvings(window, mostWindowCuts).map(less => ({ window: less })) : [],
    isElementwise(optimizer) && momentPrecision === 'float32' ? [{ momentPrecision: 'bfloat16' }] : [],
    parameterPrecision === 'float32' ? [{ parameterPrecision: 'bfloat16' }] : [],
  ];
}

function halvings(value: number, most: number): number[] {
  return [...new Set(Array.from({ length: most }, (_, place) => Math.ceil(value / 2 ** (place + 1))))].filter(less => less < value);
}

/** All of them, those that change only what comes first before those that change what comes later; none for no change at all. */
function combinations(alternatives: readonly (readonly Partial<Settings>[])[]): Partial<Settings>[] {
  const all = alternatives.reduce<Partial<Settings>[]>((before, list) => [{}, ...list].flatMap(change => before.map(each => ({ ...each, ...change }))), [{}]);
  return all.slice(1);
}

async function thatSavesMost(alternatives: readonly (readonly Partial<Settings>[])[], now: number, weigh: (change: Partial<Settings>) => Promise<number>): Promise<FittingFix | undefined> {
  let best: FittingFix | undefined;
  for (const [change] of alternatives) {
    if (change === undefined || (best?.way === 'change' && wayOf(change) === 'restart')) continue;
    const peakBytes = await weigh(change);
    if (peakBytes < (best?.peakBytes ?? now)) best = told(change, peakBytes);
  }
  return best;
}

function told(change: Partial<Settings>, peakBytes: number): FittingFix {
  const way = wayOf(change);
  const then = way === 'change' ? '; from the next step on' : ' and start the run again;';
  return { settings: change, way, peakBytes, words: `Set ${settingsInWords(change)}${then} the highest instant of a step is then ${formatMegabytes(peakBytes)}, as estimated.` };
}

function wayOf(change: Partial<Settings>): Fix['way'] {
  return (Object.keys(change) as KnobName[]).every(isLive) ? 'change' : 'restart';
}
