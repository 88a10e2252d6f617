/** The step itself, on tensors: theta = theta - rate * (u + decay * theta), each within float32; see ../descend.ts. */
import { add, clipByValue, mul, reshape, slice, sub, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { largestFloat } from '../../kernels/saturate';
import type { TensorSettings } from '../../settings/parameterGroups';

/** `updates` [d], those of the parameter from `start` on; a new tensor. */
export function descended(parameter: Tensor, updates: Tensor, start: number, settings: TensorSettings | undefined, learningRate: number, weightDecay: number): Tensor {
  const rate = learningRate * (settings?.learningRateScale ?? 1);
  const decay = settings?.weightDecay ?? weightDecay;
  const own = reshape(slice(updates as Tensor1D, start, parameter.size), parameter.shape);
  const whole = decay === 0 ? own : add(own, mul(parameter, decay));
  return clipByValue(sub(parameter, clipByValue(mul(whole, rate), -largestFloat, largestFloat)), -largestFloat, largestFloat);
}
