/** Heavy-ball momentum on tensors, v = momentum * v + u, within float32; see ../momentum.ts. Holds v, 4d bytes, while momentum is above 0. */
import { add, clipByValue, fill, keep, mul, type Tensor } from '@tensorflow/tfjs-core';
import { largestFloat } from '../../kernels/saturate';
import { replaced, tidied, type DeviceState } from './direction';

export interface DeviceMomentum {
  apply(updates: Tensor): Tensor;
  reshape(): void;
  state(): DeviceState;
}

export function deviceMomentum(momentum: () => number, dimension: number): DeviceMomentum {
  const create = () => momentum() > 0 ? tidied(() => keep<Tensor>(fill([dimension], 0))) : undefined;
  let velocity = create();
  return {
    apply: updates => {
      if (velocity === undefined) return updates;
      velocity = replaced(velocity, clipByValue(add(mul(velocity, momentum()), updates), -largestFloat, largestFloat));
      return velocity;
    },
    reshape: () => {
      if ((momentum() > 0) === (velocity !== undefined)) return;
      velocity?.dispose();
      velocity = create();
    },
    state: () => velocity === undefined ? {} : { velocity: [velocity] },
  };
}
