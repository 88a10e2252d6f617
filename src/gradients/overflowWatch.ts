/**
 * Watches what an activation storage does to numbers: float16 has none beyond 65,504, so that what is finite goes in and infinity comes
 * out. Copies everything that is stored to the host, so it is for a step that has failed already.
 */
import { clone, keep, type DataId, type Tensor } from '@tensorflow/tfjs-core';
import type { ActivationStorage } from './storage';

/** What did not fit: the layer whose output it is, and its largest magnitude. */
export interface Overflow {
  readonly layer: string;
  readonly largest: number;
}

export class OverflowWatch {
  private readonly layers = new Map<DataId, string>();
  private readonly looks: Promise<Overflow | undefined>[] = [];
  /** The layer that runs now. */
  layer = '';

  constructor(private readonly watched: ActivationStorage) {}

  readonly storage: ActivationStorage = {
    store: tensor => {
      const layer = this.layers.get(tensor.dataId) ?? this.layer;
      const before = look(tensor);
      const stored = this.watched.store(tensor);
      const restored = stored.restore();
      const after = look(restored);
      restored.dispose();
      this.looks.push(Promise.all([before, after]).then(([largest, kept]) => (Number.isFinite(largest) && !Number.isFinite(kept) ? { layer, largest } : undefined)));
      return stored;
    },
  };

  /** This tensor is the output of a layer. */
  note(output: Tensor, layer: string): void {
    this.layers.set(output.dataId, layer);
  }

  /** The first of all so far. */
  async first(): Promise<Overflow | undefined> {
    return (await Promise.all(this.looks)).find(found => found !== undefined);
  }

  /** Nothing is held any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.looks);
  }
}

/** The pass goes on, and may dispose the tensor before a device has answered. */
async function look(tensor: Tensor): Promise<number> {
  const held = keep(clone(tensor));
  try {
    return await largestOf(held);
  } finally {
    held.dispose();
  }
}

/** The largest magnitude; NaN where one of the numbers is none. Other types than float32 have neither. */
export async function largestOf(tensor: Tensor): Promise<number> {
  if (tensor.dtype !== 'float32') return 0;
  let largest = 0;
  for (const value of await tensor.data<'float32'>()) {
    const magnitude = Math.abs(value);
    if (Number.isNaN(magnitude)) return magnitude;
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
