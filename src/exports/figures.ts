/** Every figure of a sample by its stable name, `group.figure`: the columns of CSV and, with a slash, the tags of TensorBoard. */
import { diagnosticNames } from '../protocol/diagnostics';
import { heldNames } from '../protocol/heldBytes';
import type { SampleEvent } from '../protocol/runEvents';
import { categories, storedBytes } from '../protocol/samples';
import { stateParts } from '../settings/stateBytes';

export interface Figure {
  readonly name: string;
  /** Undefined where it was not measured. */
  readonly of: (sample: SampleEvent) => number | undefined;
}

export const figures: readonly Figure[] = [
  { name: 'train.loss', of: ({ loss }) => loss },
  { name: 'train.lossMin', of: ({ lossMin }) => lossMin },
  { name: 'train.lossMax', of: ({ lossMax }) => lossMax },
  { name: 'train.accuracy', of: ({ accuracy }) => accuracy },
  { name: 'time.stepMs', of: ({ stepMs }) => stepMs },
  { name: 'memory.peak', of: ({ memory }) => memory.peakBytes },
  { name: 'memory.stored', of: ({ memory: { storedPeak } }) => storedPeak && storedBytes(storedPeak) },
  ...categories.map((category): Figure => ({ name: `peak.${category}`, of: ({ memory }) => memory.bytesAtPeak[category] })),
  ...categories.map((category): Figure => ({ name: `stored.${category}`, of: ({ memory }) => memory.storedPeak?.[category] })),
  ...categories.map((category): Figure => ({ name: `live.${category}`, of: ({ memory }) => memory.liveBytes[category] })),
  ...stateParts.map((part): Figure => ({ name: `state.${part}`, of: ({ memory }) => memory.stateBytes[part] })),
  ...heldNames.map((name): Figure => ({ name: `held.${name}`, of: ({ memory }) => memory.held[name] })),
  { name: 'compute.flops', of: ({ flops }) => flops },
  { name: 'compute.recomputedFlops', of: ({ recomputedFlops }) => recomputedFlops },
  { name: 'lossScale.scale', of: ({ lossScale }) => lossScale },
  { name: 'lossScale.skippedSteps', of: ({ skippedSteps }) => skippedSteps },
  { name: 'sparsity.rewired', of: ({ rewired }) => rewired },
  ...diagnosticNames.map((name): Figure => ({ name: `diagnostics.${name}`, of: ({ diagnostics }) => diagnostics?.[name] })),
  { name: 'diagnostics.measured', of: ({ diagnostics }) => diagnostics?.measured },
];
