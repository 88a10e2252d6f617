/** Knobs that few runs turn, folded away under a heading that says how they stand. */
import type { LiveKnobName, Settings } from '../../src/settings/knobs';
import type { Section } from '../../src/settings/knobTable';
import { formatSetting } from '../format';
import { memoryDigest } from './memoryDigest';

export interface Fold {
  readonly name: string;
  readonly title: string;
  readonly knobs: readonly LiveKnobName[];
  /** The section of settings whose fixed ones stand here too. */
  readonly section?: Section;
  /** How its knobs stand, in a few words. */
  digest(settings: Settings): string;
}

const alarmActions: Readonly<Record<Settings['onAlarm'], string>> = { pause: 'pauses', stop: 'stops', note: 'is noted' };

export const folds: readonly Fold[] = [
  {
    name: 'memory', title: 'Memory', section: 'memory', digest: memoryDigest,
    knobs: ['microbatch', 'recompute', 'recomputeEvery', 'recomputeLayers', 'recomputeBudget', 'activationPrecision'],
  },
  {
    name: 'watch', title: 'Alarms and snapshots', section: 'watch', knobs: ['memoryBudget', 'onAlarm'],
    digest: ({ memoryBudget, onAlarm }) => [
      ...(memoryBudget === null ? [] : [`at most ${formatSetting('memoryBudget', memoryBudget)}`]), `an alarm ${alarmActions[onAlarm]}`,
    ].join(', '),
  },
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
  {
    name: 'text', title: 'Text', section: 'text', knobs: [], digest: ({ data }) => data,
  },
];
