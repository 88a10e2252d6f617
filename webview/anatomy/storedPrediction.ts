/** Predicted bytes of parameters and gradients beside what was measured between two steps, where they are stored otherwise than in dense float32. */
import { formatByteChange, formatBytes } from '../../src/protocol/format';
import { gradientBytes, parametersBytes } from '../../src/settings/formulas/packed';
import { isPacked } from '../../src/settings/memoryTechniques';
import type { View } from '../store';

/** Empty where nothing is packed, or nothing was measured. */
export function storedPredictions({ state: { settings, started, latest } }: Pick<View, 'state'>): readonly string[] {
  if (started === undefined || latest === undefined || !isPacked(settings)) return [];
  const { parameters, gradients } = latest.memory.liveBytes;
  return [
    beside('Parameters', parametersBytes(settings, started.parameters), parameters),
    beside('Gradients', gradientBytes(settings, started.parameters), gradients),
  ];
}

function beside(what: string, predicted: number, measured: number): string {
  return `${what} predicted: ${formatBytes(predicted)}, ${measured === predicted ? 'exactly as measured' : `measured ${formatByteChange(measured - predicted)}`}.`;
}
