/** What the panel calls things. */
import type { RunState, RunStatus } from '../src/protocol/runState';
import { knob, type KnobName } from '../src/settings/knobs';
import type { Optimizer } from '../src/settings/optimizers';

export { categoryLabels, partLabels, phaseLabels } from '../src/protocol/labels';

export const optimizerLabels: Readonly<Record<Optimizer, string>> = {
  'sparse-mfac': 'S-MFAC', 'dense-mfac': 'Dense M-FAC', 'low-rank-mfac': 'LR-MFAC', 'ggt': 'GGT', 'sparse-ggt': 'S-GGT', 'low-rank-ggt': 'LR-GGT', 'micro-adam': 'MicroAdam',
  'sgd': 'SGD', 'adamw': 'AdamW', 'adamw-8bit': 'AdamW, 8 bits', 'adafactor': 'Adafactor', 'muon': 'Muon', 'shampoo': 'Shampoo', 'soap': 'SOAP',
};

/** Why there is nothing to draw yet, or nothing to draw at all. */
const emptyReasons: Readonly<Record<RunStatus, string>> = {
  starting: 'Starting the trainer …',
  running: 'Waiting for the first step …',
  paused: 'Paused before the first step.',
  stopping: 'Stopping before the first step.',
  completed: 'This run recorded no step.',
  stopped: 'The run was stopped before its first step.',
  failed: 'The run failed before its first step.',
  interrupted: 'The run was interrupted before its first step.',
};

/** The same, with what it is that takes a while. */
export function emptyReason({ status, preparing }: Pick<RunState, 'status' | 'preparing'>): string {
  return status === 'starting' && preparing !== undefined ? `${preparing.charAt(0).toUpperCase()}${preparing.slice(1)} …` : emptyReasons[status];
}

/** The label of a knob as it stands within a sentence. */
export function knobWord(name: KnobName): string {
  return knob(name).label.toLowerCase();
}
