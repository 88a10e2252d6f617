/**
 * Ways to hold parameters, gradients and the optimizer's state in fewer bytes, one list for each lever, the given way first. What the
 * given settings say of precision and sparsity is taken as wanted: only less is tried, never more.
 */
import { defaults, isUsedBy, type Settings } from '../settings/knobs';
import { isElementwise } from '../settings/memoryTechniques';
import { asGiven, combined, differing, halvingsBetween, type Option } from './option';

export function stateLevers(given: Settings): readonly (readonly Option[])[] {
  return [...storageLevers(given), ...optimizerLevers(given)].map(options => [asGiven, ...differing(given, options)]);
}

/** float16, where the given settings do not already store something as bfloat16, which takes as many bytes. */
export function halfOf({ activationPrecision, parameterPrecision, momentPrecision }: Settings): 'float16' | 'bfloat16' {
  return [activationPrecision, parameterPrecision, momentPrecision].includes('bfloat16') ? 'bfloat16' : 'float16';
}

function storageLevers(given: Settings): Option[][] {
  const { optimizer, parameterPrecision, momentPrecision, weightDensity, masterCopy, fusedUpdate } = given;
  const half = halfOf(given);
  const parameters: Option[] = parameterPrecision !== 'float32' ? [] : [half, 'bfloat16' as const].filter((each, index, all) => all.indexOf(each) === index).map(each => ({ change: { parameterPrecision: each }, risk: 'precision' as const, halvings: 1 }));
  return [
    parameters,
    // A copy in float32 only adds: 2 + 2 + 4 bytes a parameter are as many as plain float32 takes.
    masterCopy ? [{ change: { masterCopy: false }, risk: 'precision', halvings: 1 }] : [],
    isElementwise(optimizer) && momentPrecision === 'float32' ? [{ change: { momentPrecision: half }, risk: 'precision', halvings: 1 }] : [],
    [0.5, 0.3, 0.2, 0.1].filter(density => density < weightDensity).map(density => ({ change: { weightDensity: density }, risk: 'sparsity', halvings: halvingsBetween(weightDensity, density) })),
    isElementwise(optimizer) ? [{ change: { fusedUpdate: !fusedUpdate }, risk: 'same', halvings: 0 }] : [],
    optimizer === 'adamw' ? [{ change: eightBits(given), risk: 'precision', halvings: momentPrecision === 'float32' ? 2 : 1 }] : [],
  ];
}

/** The same optimizer, its moments in codes of 8 bits. */
function eightBits({ momentPrecision, fusedUpdate }: Settings): Partial<Settings> {
  return { optimizer: 'adamw-8bit', ...(momentPrecision === 'float32' ? {} : { momentPrecision: defaults.momentPrecision }), ...(fusedUpdate ? { fusedUpdate: false } : {}) };
}

/** Fewer or shorter numbers in windows and residuals. A smaller share of each gradient, a lower rank and a shorter memory all count as sparsity. */
function optimizerLevers(given: Settings): Option[][] {
  const lower = (name: 'density' | 'rank' | 'window', values: readonly number[]): Option[] => (
    isUsedBy(name, given.optimizer) ? values.filter(value => value < given[name]).map(value => ({ change: { [name]: value }, risk: 'sparsity', halvings: halvingsBetween(given[name], value) })) : []
  );
  return [
    lower('density', [given.density / 2, given.density / 5, given.density / 10].filter(value => value >= 1e-4).map(value => Number(value.toPrecision(3)))),
    lower('rank', [given.rank >> 1, given.rank >> 2].filter(value => value >= 1)),
    lower('window', [given.window >> 1, given.window >> 2, given.window >> 3].filter(value => value >= 1)),
    isUsedBy('valuePrecision', given.optimizer) && given.valuePrecision === 'float32' ? [{ change: { valuePrecision: 'bfloat16' }, risk: 'precision', halvings: 1 }] : [],
    isUsedBy('errorFeedbackBits', given.optimizer) && given.errorFeedback
      ? ([16, 8, 4] as const).filter(bits => bits < given.errorFeedbackBits).map(bits => ({ change: { errorFeedbackBits: bits }, risk: 'precision', halvings: halvingsBetween(given.errorFeedbackBits, bits) })) : [],
  ];
}

export function stateOptions(given: Settings): Option[] {
  return combined(stateLevers(given));
}
