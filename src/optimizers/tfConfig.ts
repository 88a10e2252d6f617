/** The settings of a tf.Optimizer as the plain record that TensorFlow.js keeps beside a saved model. */
import type { serialization } from '@tensorflow/tfjs-core';
import { isUsedBy, type Settings } from '../settings/knobs';
import { optimizers, type Optimizer } from '../settings/optimizers';
import { optimizerSettingNames, type OptimizerSettings } from '../settings/optimizerSettings';
import { InputError } from '../settings/problem';
import type { SelectingGroup } from './groupPredicates';

export function toConfig(settings: Settings, groups: readonly SelectingGroup[]): serialization.ConfigDict {
  const used = optimizerSettingNames.filter(name => name !== 'groups' && isUsedBy(name, settings.optimizer));
  return { optimizer: settings.optimizer, ...Object.fromEntries(used.map(name => [name, settings[name]])) as Record<string, number | string>, groups: { name: groupsAsText(groups) } };
}

/**
 * Saving a model puts underscores into every text for capitals, and loading takes them out again, which changes regular
 * expressions and names of tensors; a text under the key `name` is left alone.
 */
function groupsAsText(groups: readonly SelectingGroup[]): string {
  const index = groups.findIndex(({ match }) => match !== undefined && typeof match !== 'string');
  if (index >= 0) throw new Error(`groups[${index}].match is a function or an expression with flags, which can be written down only after the first step, when the tensors are known. Take a step first, or give the text of a regular expression.`);
  return JSON.stringify(groups);
}

export function settingsFromConfig({ optimizer, groups, ...given }: serialization.ConfigDict): Partial<OptimizerSettings> & { optimizer: Optimizer } {
  const known = optimizers.find(name => name === optimizer);
  if (known === undefined) throw new InputError([{ field: 'optimizer', message: `optimizer is ${JSON.stringify(optimizer ?? null)}, but must be one of ${optimizers.join(', ')}. Pass what getConfig() gave.` }]);
  const text = typeof groups === 'object' && groups !== null && 'name' in groups ? groups.name : undefined;
  // Loading a model adds what it knows of layers that users have made.
  const settings = Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'customObjects'));
  return { ...settings, ...(typeof text === 'string' ? { groups: JSON.parse(text) as OptimizerSettings['groups'] } : {}), optimizer: known };
}
