import type { Settings } from '../../settings/knobs';

/** The same settings with parameters and state in float32 and nothing left out. */
export function denseOf(settings: Settings): Settings {
  return { ...settings, activationPrecision: 'float32', parameterPrecision: 'float32', momentPrecision: 'float32', weightDensity: 1, fusedUpdate: false, lossScaling: 'off' };
}
