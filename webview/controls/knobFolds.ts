/** Knobs that few runs turn, folded away under a heading that says how they stand; and knobs that mean nothing for now. */
import type { LiveKnobName, Settings } from '../../src/settings/knobs';

export interface Fold {
  readonly name: string;
  readonly title: string;
  readonly knobs: readonly LiveKnobName[];
  /** How its knobs stand, in a few words. */
  digest(settings: Settings): string;
}

export const folds: readonly Fold[] = [
  {
    name: 'schedule', title: 'Schedule and clipping',
    knobs: ['schedule', 'warmupSteps', 'stepEvery', 'stepFactor', 'clipNorm', 'clipValue', 'clipTarget'],
    digest: ({ schedule, warmupSteps, clipNorm, clipValue, clipTarget }) => [
      schedule,
      ...(warmupSteps > 0 ? [`warm-up ${warmupSteps}`] : []),
      ...(clipNorm !== null || clipValue !== null ? [`${clipTarget} clipped`] : []),
    ].join(', '),
  },
  {
    name: 'storage', title: 'Blocks and precision', knobs: ['blockSize', 'valuePrecision', 'errorFeedbackBits'],
    digest: ({ valuePrecision, errorFeedback, errorFeedbackBits }) => `${valuePrecision}${errorFeedback ? `, ${errorFeedbackBits}-bit residual` : ''}`,
  },
];

type IsUseful = (settings: Settings) => boolean;

/** Knobs that other settings can leave without effect. */
const conditions: Partial<Record<LiveKnobName, IsUseful>> = {
  stepEvery: ({ schedule }) => schedule === 'step',
  stepFactor: ({ schedule }) => schedule === 'step',
  clipTarget: ({ clipNorm, clipValue }) => clipNorm !== null || clipValue !== null,
  errorFeedbackBits: ({ errorFeedback }) => errorFeedback,
};

export function hasEffect(name: LiveKnobName, settings: Settings): boolean {
  return conditions[name]?.(settings) ?? true;
}
