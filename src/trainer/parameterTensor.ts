/** A parameter as a tensor that the caller owns. */
import { keep, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';

export function parameterTensor(ledger: Ledger, values: Float32Array, shape: readonly number[]): Tensor {
  return ledger.scope('parameters', () => keep(tensor(values, [...shape], 'float32')));
}
