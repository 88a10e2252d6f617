/**
 * The values of a graph while it runs. One is alive for two reasons: nodes of the forward pass have yet to read it, or the backward
 * pass holds it. When neither is left it dies at once. A value that is held goes to the activation storage as soon as the next node
 * does not read it; whoever reads it later gets what the storage gives back.
 *
 * Bytes: what is held counts as activations, the rest as workspace.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationStorage, Stored } from './storage';

interface Slot {
  tensor: Tensor | undefined;
  stored: Stored | undefined;
  reads: number;
  holds: number;
  /** Inputs of the model belong to whoever made the batch. */
  readonly ours: boolean;
}

export class Values {
  private readonly slots = new Map<number, Slot>();
  /** Of all values so far, those that are gone included. */
  private readonly shapes = new Map<number, readonly number[]>();

  /** `noteStoring` hears of a value before it is stored. */
  constructor(private readonly storage: ActivationStorage, private readonly noteStoring: (value: number) => void) {}

  /** Takes over the tensor of a value that will be read so many times. */
  add(value: number, tensor: Tensor, reads: number, ours = true): void {
    this.slots.set(value, { tensor, stored: undefined, reads, holds: 0, ours });
    this.shapes.set(value, tensor.shape);
  }

  shapeOf(value: number): readonly number[] {
    return this.shapes.get(value) ?? [];
  }

  /** Lets `use` read values as float32, without counting it. */
  borrow<Result>(values: readonly number[], use: (tensors: readonly Tensor[]) => Result): Result {
    const restored = new Map<number, Tensor>();
    try {
      const tensors = values.map(value => {
        const { tensor, stored } = this.at(value);
        if (tensor !== undefined) return tensor;
        const again = restored.get(value) ?? (stored as Stored).restore();
        restored.set(value, again);
        return again;
      });
      return use(tensors);
    } finally {
      for (const tensor of restored.values()) tensor.dispose();
    }
  }

  /** One of the expected reads has taken place. */
  noteRead(value: number): void {
    this.at(value).reads--;
  }

  /** The backward pass will need the value, until it is released as often as it was held. */
  hold(value: number): void {
    this.at(value).holds++;
  }

  release(value: number): void {
    this.at(value).holds--;
    this.settle(value, false);
  }

  /** Stores or frees the value, as its reads and holds ask for; `readNext`: by the very next node, which shall find it as it is. */
  settle(value: number, readNext: boolean): void {
    const slot = this.slots.get(value);
    if (slot === undefined || !slot.ours) return;
    if (slot.holds === 0 && slot.reads === 0) {
      slot.tensor?.dispose();
      slot.stored?.dispose();
      this.slots.delete(value);
    } else if (slot.holds > 0 && slot.tensor !== undefined && !(readNext && slot.reads > 0)) {
      this.noteStoring(value);
      slot.stored = this.storage.store(slot.tensor);
      slot.tensor = undefined;
    }
  }

  /** Frees all that is left of a run that broke off. */
  dispose(): void {
    for (const { tensor, stored, ours } of this.slots.values()) {
      if (ours) tensor?.dispose();
      stored?.dispose();
    }
    this.slots.clear();
  }

  private at(value: number): Slot {
    const slot = this.slots.get(value);
    if (slot === undefined) throw new Error(`Value ${value} of the graph was asked for after its last use.`);
    return slot;
  }
}
