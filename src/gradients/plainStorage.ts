/** Stores tensors as they are. */
import { clone, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { ActivationStorage } from './storage';

export function plainStorage(ledger: Ledger): ActivationStorage {
  return {
    store: (tensor: Tensor) => {
      ledger.keep(tensor);
      return { restore: () => clone(tensor), dispose: () => { tensor.dispose(); } };
    },
  };
}
