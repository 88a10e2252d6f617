/**
 * Jobs kept for as long as what they work on: bound when first needed, bound again where another array has taken the place
 * of one of theirs, and released when their owner is no longer in use.
 */
import type { BoundJob, ThreadPool } from './threadPool';

interface Binding<Extra> {
  readonly arrays: readonly unknown[];
  readonly job: BoundJob;
  readonly extra: Extra;
}

export class Bindings<Owner extends object, Extra = undefined> {
  private readonly known = new WeakMap<Owner, Binding<Extra>>();
  /** Knows jobs by number only: a function would hold on to the owner whose end it waits for. */
  private readonly abandoned = new FinalizationRegistry<number>(id => this.pool.release(id));

  constructor(private readonly pool: ThreadPool) {}

  /** `arrays` are those that `bind` depends on besides the owner. */
  of(owner: Owner, arrays: readonly unknown[], bind: () => { job: BoundJob; extra: Extra }): Binding<Extra> {
    const present = this.known.get(owner);
    if (present?.arrays.every((array, index) => array === arrays[index])) return present;
    if (present !== undefined) {
      this.pool.release(present.job.id);
      this.abandoned.unregister(present);
    }
    const binding = { arrays, ...bind() };
    this.known.set(owner, binding);
    this.abandoned.register(owner, binding.job.id, binding);
    return binding;
  }
}
