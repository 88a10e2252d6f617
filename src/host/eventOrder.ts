/** Puts events that come from the file and from the wire into one sequence: each once, none before its predecessor. */
import type { RunEvent } from '../protocol/runEvents';

export class EventOrder {
  private next = 0;
  private readonly early = new Map<number, RunEvent>();

  constructor(private readonly deliver: (event: RunEvent) => void) {}

  /** Sequence number of the next event. */
  get expected(): number {
    return this.next;
  }

  /** An event is here whose predecessor is missing. */
  get hasGap(): boolean {
    return this.early.size > 0;
  }

  take(event: RunEvent): void {
    if (event.sequence < this.next) return;
    this.early.set(event.sequence, event);
    this.deliverReady();
  }

  /** Gives up on the events before the earliest one that is here. */
  skipGap(): void {
    if (!this.hasGap) return;
    this.next = Math.min(...this.early.keys());
    this.deliverReady();
  }

  private deliverReady(): void {
    for (let event = this.early.get(this.next); event !== undefined; event = this.early.get(this.next)) {
      this.early.delete(this.next);
      this.next += 1;
      this.deliver(event);
    }
  }
}
