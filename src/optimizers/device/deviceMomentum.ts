/** Heavy-ball momentum on tensors, v = momentum * v + u, and Nesterov's, within float32; see ../momentum.ts. Holds v, 4d bytes, while momentum is above 0. */
import { add, clipByValue, fill, keep, mul, type Tensor } from '@tensorflow/tfjs-core';
import { largestFloat } from '../../kernels/saturate';
import { replaced, tidied, type DeviceState } from './direction';

export interface DeviceMomentum {
  apply(updates: Tensor): Tensor;
  reshape(): void;
  state(): DeviceState;
}

export function deviceMomentum(momentum: () => number, nesterov: () => boolean, dimension: number): DeviceMomentum {
  const create = () => momentum() > 0 ? tidied(() => keep<Tensor>(fill([dimension], 0))) : undefined;
  let velocity = create();
  return {
    apply: updates => {
      if (velocity === undefined) return updates;
      const kept = momentum();
      const beside = (other: Tensor) => clipByValue(add(mul(other, kept), updates), -largestFloat, largestFloat);
      velocity = replaced(velocity, beside(velocity));
      return nesterov() ? beside(velocity) : velocity;
    },
    reshape: () => {
      if ((momentum() > 0) === (velocity !== undefined)) return;
      velocity?.dispose();
      velocity = create();
    },
    state: () => velocity === undefined ? {} : { velocity: [velocity] },
  };
}
