/** Which optimizers and settings can have their state in tensors of a TensorFlow.js backend; the host has them all. */
import type { ChoiceKnob } from './knob';
import { isUsedBy, type KnobName, type Settings } from './knobs';
import { isAmong, onDevice, type DeviceOptimizerName } from './optimizers';
import { InputError, type Problem } from './problem';

/** Whether a backend holds numbers of 16 bits two in a word, and shorter codes so: that takes shaders of our own. */
export function packs(backendName: string): boolean {
  return backendName === 'webgpu';
}

type Wanted = Pick<Settings, 'optimizer' | 'valuePrecision' | 'errorFeedback' | 'errorFeedbackBits'>;

const choosePlacement = 'choose the placement "host"';

/** What the device does not have of these settings; `otherwise` says what to do to have it on the host. */
export function deviceProblems({ optimizer, valuePrecision, errorFeedback, errorFeedbackBits }: Wanted, backendName: string, otherwise = choosePlacement): Problem[] {
  if (!isAmong(onDevice, optimizer)) return [{ field: 'optimizer', message: `optimizer is "${optimizer}", whose state cannot be held on the device; that of ${onDevice.join(', ')} can. Choose one of them, or ${otherwise}.` }];
  if (packs(backendName)) return [];
  const takesShaders = `which on the device only the webgpu backend can hold, not ${backendName}`;
  const problems: Problem[] = [];
  if (isUsedBy('valuePrecision', optimizer) && valuePrecision !== 'float32') {
    problems.push({ field: 'valuePrecision', message: `valuePrecision is "${valuePrecision}", ${takesShaders}. Set it to "float32", or ${otherwise}.` });
  }
  if (isUsedBy('errorFeedbackBits', optimizer) && errorFeedback && errorFeedbackBits !== 32) {
    problems.push({ field: 'errorFeedbackBits', message: `errorFeedbackBits is ${errorFeedbackBits}, ${takesShaders}. Set it to 32, or ${otherwise}.` });
  }
  return problems;
}

/** What a run with these settings lacks where it places them. "auto" stands for a backend without shaders, whichever it becomes. */
export function placementProblems(settings: Settings): Problem[] {
  return settings.placement === 'device' ? deviceProblems(settings, settings.backend) : [];
}

/** The options of a choice that a run with these settings could have just as well. */
export function optionsWithin(settings: Settings, name: KnobName, { options }: ChoiceKnob): ChoiceKnob['options'] {
  return options.filter(value => placementProblems({ ...settings, [name]: value }).length === 0);
}

/** The optimizer's name, known to be one of the device's. Throws InputError where the device lacks something. */
export function checkDevice(settings: Wanted, backendName: string, otherwise = choosePlacement): DeviceOptimizerName {
  const { optimizer } = settings;
  const problems = deviceProblems(settings, backendName, otherwise);
  if (problems.length > 0 || !isAmong(onDevice, optimizer)) throw new InputError(problems);
  return optimizer;
}
