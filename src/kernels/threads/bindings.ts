/**
 * Jobs kept for as long as what they work on: bound when first needed, bound again where another array has taken the place
 * of one of theirs, and released when their owner is no longer in use.
 */
import type { BoundJob } from './threadPool';

interface Binding<Extra> {
  readonly arrays: readonly unknown[];
  readonly job: BoundJob;
  readonly extra: Extra;
}

export class Bindings<Owner extends object, Extra = undefined> {
  private readonly known = new WeakMap<Owner, Binding<Extra>>();
  private readonly abandoned = new FinalizationRegistry<() => void>(release => release());

  /** `arrays` are those that `bind` depends on besides the owner. */
  of(owner: Owner, arrays: readonly unknown[], bind: () => { job: BoundJob; extra: Extra }): Binding<Extra> {
    const present = this.known.get(owner);
    if (present?.arrays.every((array, index) => array === arrays[index])) return present;
    if (present !== undefined) {
      present.job.release();
      this.abandoned.unregister(present);
    }
    const binding = { arrays, ...bind() };
    this.known.set(owner, binding);
    this.abandoned.register(owner, binding.job.release, binding);
    return binding;
  }
}
