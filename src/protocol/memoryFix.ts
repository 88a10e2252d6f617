/**
 * Settings that make a run hold fewer bytes, chosen by what there was most of at its highest instant. What each saves is a rule of thumb,
 * good enough to choose by where nothing can be estimated (`fittingFix.ts` does where it can); what it really saves is measured when it is applied.
 */
import { isUsedBy, type Settings } from '../settings/knobs';
import { isElementwise } from '../settings/memoryTechniques';
import { resolveSettings } from '../settings/validate';
import type { Fix } from './runEvents';
import type { Bytes } from './samples';

export interface MemoryShortage {
  readonly settings: Settings;
  /** At the highest instant. */
  readonly bytes: Readonly<Bytes>;
  /** Bytes that must go; where nobody knows, as many as one change can save. */
  readonly over?: number | undefined;
  /** Examples that ran through the model at once. */
  readonly slice: number;
  /** Whether the model can be cut by these settings; nothing is asked where it is not known. */
  readonly canBeCut?: (settings: Settings) => boolean;
}

interface Candidate {
  readonly change: Partial<Settings>;
  readonly saves: number;
}

/** Undefined where no setting is known to help. */
export function memoryFix(shortage: MemoryShortage): Fix | undefined {
  const live = chosen(liveCandidates(shortage), shortage);
  if (live !== undefined) return fixOf(live, 'change');
  const other = chosen(newRunCandidates(shortage), shortage);
  return other === undefined ? undefined : fixOf(other, 'restart');
}

/** The first that saves enough; where none does, those that save most, until it is enough or there are no more. */
function chosen(candidates: readonly Candidate[], { settings, over, canBeCut = () => true }: MemoryShortage): Partial<Settings> | undefined {
  const allowed = candidates.filter(({ change, saves }) => saves > 0 && isAllowed(change, settings) && canBeCut({ ...settings, ...change }));
  const most = allowed.toSorted((a, b) => b.saves - a.saves);
  if (over === undefined) return most[0]?.change;
  const enough = allowed.find(({ saves }) => saves >= over);
  if (enough !== undefined) return enough.change;
  let [together, saved]: [Partial<Settings>, number] = [{}, 0];
  for (const { change, saves } of most) {
    if (saved >= over || !isAllowed({ ...together, ...change }, settings)) continue;
    together = { ...together, ...change };
    saved += saves;
  }
  return most.length === 0 ? undefined : together;
}

/** In the order in which they are preferred: the result stays the same, rounds otherwise, or is another. */
function liveCandidates({ settings, bytes, slice }: MemoryShortage): Candidate[] {
  const { activations, activationGradients, data, workspace, optimizerState } = bytes;
  const half = Math.ceil(slice / 2);
  return [
    ...(settings.recompute === 'none' ? [{ change: { recompute: 'block' as const }, saves: 0.3 * activations }] : []),
    ...(slice > 1 ? [{ change: { microbatch: half }, saves: (1 - half / slice) * (activations + activationGradients + data + workspace / 2) }] : []),
    ...(settings.activationPrecision === 'float32' ? [{ change: { activationPrecision: 'float16' as const }, saves: 0.45 * activations }] : []),
    ...(isUsedBy('window', settings.optimizer) && settings.window > 1 ? [{ change: { window: Math.ceil(settings.window / 2) }, saves: 0.45 * optimizerState }] : []),
  ];
}

/** What cannot change while a run goes on. */
function newRunCandidates({ settings, bytes: { parameters, gradients, optimizerState } }: MemoryShortage): Candidate[] {
  return [
    ...(isElementwise(settings.optimizer) && settings.momentPrecision === 'float32' ? [{ change: { momentPrecision: 'bfloat16' as const }, saves: optimizerState / 2 }] : []),
    ...(settings.parameterPrecision === 'float32' ? [{ change: { parameterPrecision: 'bfloat16' as const }, saves: (parameters + gradients) / 2 }] : []),
  ];
}

export function isAllowed(change: Partial<Settings>, settings: Settings): boolean {
  try {
    resolveSettings({ ...settings, ...change });
    return true;
  } catch {
    return false;
  }
}

function fixOf(change: Partial<Settings>, way: Fix['way']): Fix {
  const what = settingsInWords(change);
  return { words: way === 'change' ? `Set ${what}; it holds from the next step.` : `Set ${what} and start the run again.`, settings: change, way };
}

/** `microbatch to 16 and recompute to "block"`. */
export function settingsInWords(settings: Readonly<Record<string, unknown>>): string {
  return Object.entries(settings).map(([name, value]) => `${name} to ${JSON.stringify(value)}`).join(' and ');
}
