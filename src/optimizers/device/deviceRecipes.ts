/** Every optimizer that the device placement has, as a direction; ../recipes.ts has them all, for the host. Start reading here. */
import type { Settings } from '../../settings/knobs';
import type { DeviceOptimizerName } from '../../settings/optimizers';
import type { ParameterSpace } from '../../settings/parameterSpace';
import { dampedInverse } from '../preconditioners/dampedInverse';
import { inverseRoot } from '../preconditioners/inverseRoot';
import { adamDirection } from './adamDirection';
import type { Direction } from './direction';
import { topKGradients, wholeGradients } from './gradientRows';
import { plainDirection } from './plainDirection';
import { windowDirection } from './windowDirection';

const mfac = (live: Settings) => dampedInverse(() => live.damping);
const ggt = (live: Settings) => inverseRoot({ beta2: () => live.beta2, epsilon: () => live.epsilon });

/** `live` holds the settings as they are now. */
type Recipe = (live: Settings, space: ParameterSpace, backendName: string) => Direction;

export const deviceRecipes: Readonly<Record<DeviceOptimizerName, Recipe>> = {
  'sgd': plainDirection,
  'adamw': (live, { dimension }) => adamDirection(live, dimension),
  'dense-mfac': (live, { dimension }) => windowDirection({ gradients: wholeGradients(), window: () => live.window, rule: mfac(live), dimension }),
  'ggt': (live, { dimension }) => windowDirection({ gradients: wholeGradients(), window: () => live.window, rule: ggt(live), dimension }),
  'sparse-mfac': (live, space, backendName) =>
    windowDirection({ gradients: topKGradients(live, space, backendName), window: () => live.window, rule: mfac(live), dimension: space.dimension }),
  'sparse-ggt': (live, space, backendName) =>
    windowDirection({ gradients: topKGradients(live, space, backendName), window: () => live.window, rule: ggt(live), dimension: space.dimension }),
};
