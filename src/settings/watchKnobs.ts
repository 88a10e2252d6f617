/** What a run watches of itself while it goes on, and what it does when something is wrong. */
import type { Knob } from './knob';

export const watchKnobs = {
  memoryBudget: {
    kind: 'number', label: 'Memory budget', default: null, min: 0.001, max: 1_000_000, scale: 'log', nullMeans: 'no limit', applies: 'nextStep',
    help: 'MB (10^6 bytes) that live bytes may reach at any instant of a step, workspace included; beyond it there is an alarm.',
  },
  onAlarm: {
    kind: 'choice', label: 'On alarm', default: 'pause', options: ['pause', 'stop', 'note'], applies: 'nextStep',
    help: 'What a run does when its memory budget is exceeded, its loss or a gradient is not finite, it diverges, or memory runs out. pause: waits for you in the editor; where nobody can answer it stops, but after divergence, when it goes on and keeps the checkpoint from before. note: goes on where it can.',
  },
  snapshotAtPeak: {
    kind: 'switch', label: 'Snapshot at a new peak', default: true, applies: 'newRun',
    help: 'Records the step after one that reached a new peak, allocation by allocation; and the first step that exceeds the memory budget.',
  },
} as const satisfies Record<string, Knob>;
