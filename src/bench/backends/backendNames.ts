/** The backends that can be measured, in the order of the settings. */
import { knobs } from '../../settings/knobTable';

export const backendNames = knobs.backend.options.filter(name => name !== 'auto');

/** Those measured where nobody names one: plain JavaScript takes minutes for a few steps. */
export const usualBackends = backendNames.filter(name => name !== 'cpu');
