/** How the knobs of memory stand, in a few words: what is done, without what is not. */
import type { Settings } from '../../src/settings/knobs';
import { techniquesIn, type Technique } from '../../src/settings/memoryTechniques';
import { formatSetting } from '../format';

const words: Readonly<Record<Technique, (settings: Settings) => string>> = {
  microbatch: ({ microbatch }) => `microbatch ${String(microbatch)}`,
  recompute: ({ recompute }) => `recompute ${recompute}`,
  activationPrecision: ({ activationPrecision }) => `${activationPrecision} activations`,
  parameterPrecision: ({ parameterPrecision }) => `${parameterPrecision} parameters`,
  momentPrecision: ({ momentPrecision }) => `${momentPrecision} moments`,
  lossScaling: () => 'scaled loss',
  weightDensity: ({ weightDensity }) => `${formatSetting('weightDensity', weightDensity)} dense`,
  fusedUpdate: () => 'fused update',
};

export function memoryDigest(settings: Settings): string {
  const used = techniquesIn(settings);
  return used.length === 0 ? 'nothing saved' : used.map(name => words[name](settings)).join(', ');
}
