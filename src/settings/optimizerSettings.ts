/** The settings of an optimizer by itself: those of a run, without what a run alone has, such as its data. */
import type { Settings } from './knobs';
import { sections } from './knobTable';
import type { Optimizer } from './optimizers';
import { InputError, type Problem } from './problem';
import { checkRunFile, resolveSettings } from './validate';

export type OptimizerSettingName = keyof (typeof sections)['optimizer'];
export type OptimizerSettings = Pick<Settings, OptimizerSettingName>;

export const optimizerSettingNames = Object.keys(sections.optimizer) as OptimizerSettingName[];

/** Settings over the defaults of their optimizer. Throws InputError with the problems found; settings it does not read are let pass. */
export function resolveOptimizerSettings(optimizer: Optimizer, input: unknown): Settings {
  const given = checkRunFile(input);
  const problems = Object.keys(given).filter(field => !isOptimizerSetting(field)).map(ofRun);
  if (problems.length > 0) throw new InputError(problems);
  return resolveSettings({ ...given, optimizer });
}

function isOptimizerSetting(name: string): name is OptimizerSettingName {
  return (optimizerSettingNames as readonly string[]).includes(name);
}

function ofRun(field: string): Problem {
  return { field, message: `"${field}" is not a setting of an optimizer. Remove it; the settings are ${optimizerSettingNames.join(', ')}.` };
}
