/**
 * What waits for the backward pass, as it is or in two bytes a number (float16 or bfloat16, to nearest even): mixed precision as in
 * Micikevicius et al., arXiv 1710.03740, with the arithmetic left in float32. Several tensors on one buffer (reshapes, clones) are packed
 * once. Left as they are, since rounding would cost more than it saves: other types than float32 (class numbers, masks), vectors and
 * scalars (statistics by channel, whose smallest differences count), and what has fewer than 256 numbers.
 *
 * Bytes held, counted as activations: 4 ceil(n / 2) packed, 4n otherwise, for each buffer of n numbers.
 */
import { clone, keep, type Tensor } from '@tensorflow/tfjs-core';
import { packHalf, unpackHalf, type HalfFormat } from '../backends/halfKernels';
import type { Ledger } from '../memory/ledger';
import type { ActivationStorage, Stored } from './storage';

type Categories = Pick<Ledger, 'keep' | 'scope'>;

/** A packed buffer, and how many stored tensors it stands for. */
interface Packed {
  readonly halves: Tensor;
  users: number;
}

/** Numbers of a buffer that is worth packing. */
export const fewestPacked = 256;

/** Keeps float32. */
export function exactStorage(ledger: Categories): ActivationStorage {
  return { store: tensor => storeExactly(tensor, ledger) };
}

/** `fewest`: numbers of a tensor that is worth it. */
export function halfStorage(ledger: Categories, format: HalfFormat, fewest = fewestPacked): ActivationStorage {
  const buffers = new Map<Tensor['dataId'], Packed>();
  return {
    store: tensor => {
      if (tensor.dtype !== 'float32' || tensor.rank < 2 || tensor.size < fewest) return storeExactly(tensor, ledger);
      const { dataId, shape } = tensor;
      const packed = buffers.get(dataId) ?? { halves: ledger.scope('activations', () => keep(packHalf(tensor, format))), users: 0 };
      packed.users++;
      buffers.set(dataId, packed);
      tensor.dispose();
      return once({
        // Lives no longer than the node that reads it.
        restore: () => ledger.scope('workspace', () => unpackHalf(packed.halves, format, shape)),
        dispose: () => {
          if (--packed.users > 0) return;
          packed.halves.dispose();
          buffers.delete(dataId);
        },
      });
    },
  };
}

function storeExactly(tensor: Tensor, ledger: Categories): Stored {
  ledger.keep(tensor);
  keep(tensor);
  return once({ restore: () => clone(tensor), dispose: () => { tensor.dispose(); } });
}

/** Disposing of it again does nothing. */
function once(stored: Stored): Stored {
  let isThere = true;
  return {
    restore: () => stored.restore(),
    dispose: () => {
      if (isThere) stored.dispose();
      isThere = false;
    },
  };
}
