/** Refuses, by name, what the device placement does not have. */
import { packs } from '../../kernels/device/registerDeviceKernels';
import { isUsedBy, type Settings } from '../../settings/knobs';
import type { Optimizer } from '../../settings/optimizers';
import { InputError } from '../../settings/problem';

export const deviceOptimizers = ['sgd', 'adamw', 'dense-mfac', 'sparse-mfac', 'ggt', 'sparse-ggt'] as const satisfies readonly Optimizer[];
export type DeviceOptimizerName = (typeof deviceOptimizers)[number];

/** The optimizer's name, known to be one of the device's. */
export function checkDevice(settings: Settings, backendName: string): DeviceOptimizerName {
  const { optimizer, valuePrecision, errorFeedback, errorFeedbackBits } = settings;
  const name = deviceOptimizers.find(supported => supported === optimizer);
  if (name === undefined) throw refusal('optimizer', `optimizer is "${optimizer}", whose state cannot be held on the device; that of ${deviceOptimizers.join(', ')} can. Choose one of them, or the placement "host".`);
  const narrow = isUsedBy('valuePrecision', name) && valuePrecision !== 'float32';
  if (narrow && !packs(backendName)) throw refusal('valuePrecision', `valuePrecision is "${valuePrecision}", which on the device only the webgpu backend can hold, not ${backendName}. Set it to "float32", or choose the placement "host".`);
  const bits = isUsedBy('errorFeedbackBits', name) && errorFeedback ? errorFeedbackBits : 32;
  if (bits !== 32 && !packs(backendName)) throw refusal('errorFeedbackBits', `errorFeedbackBits is ${bits}, which on the device only the webgpu backend can hold, not ${backendName}. Set it to 32, or choose the placement "host".`);
  return name;
}

function refusal(field: string, message: string): InputError {
  return new InputError([{ field, message }]);
}
