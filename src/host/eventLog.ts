/** The events of one run directory, from its file and from the wire, handed on in order; asks the file for what the wire left out. */
import { setTimeout as delay } from 'node:timers/promises';
import { formatNumbers } from '../protocol/format';
import { appendEvent } from '../protocol/runDirectory';
import type { RunEvent } from '../protocol/runEvents';
import { EventOrder } from './eventOrder';
import type { Log } from './log';
import { streamEvents } from './streamEvents';

/** How often the file is read for an event that the wire promised, and the milliseconds between. */
const gapPatience = { attempts: 5, interval: 100 };

export class EventLog {
  /** One-based numbers of the lines that hold no event. */
  damagedLines: readonly number[] = [];
  private readonly order: EventOrder;
  private isClosingGap = false;

  constructor(private readonly directory: string, deliver: (event: RunEvent) => void, private readonly log: Log) {
    this.order = new EventOrder(deliver);
  }

  /** Sequence number of the next event. */
  get expected(): number {
    return this.order.expected;
  }

  /** Takes an event from the wire. */
  receive(event: RunEvent): void {
    this.order.take(event);
    if (this.order.hasGap) void this.closeGap();
  }

  /** Takes what the file holds and is not known yet; more may come. */
  async catchUp(): Promise<void> {
    await this.read();
    if (this.order.hasGap) await this.closeGap();
  }

  /** Reads for the last time: what is missing now stays missing. */
  async readToEnd(): Promise<void> {
    await this.read();
    this.skipGaps();
    if (this.damagedLines.length > 0) this.log.warn(`${this.directory}/events.jsonl is damaged: line ${formatNumbers(this.damagedLines)} holds no event and was skipped.`);
  }

  /** Writes an event for a trainer that can no longer do so. */
  append(event: RunEvent): void {
    try {
      appendEvent(this.directory, event);
    } catch (error) {
      this.log.error(`The events of ${this.directory} cannot be written: ${String(error)}`);
    }
    this.order.take(event);
  }

  private async read(): Promise<void> {
    try {
      this.damagedLines = await streamEvents(this.directory, event => this.order.take(event));
    } catch (error) {
      this.log.error(`The events of ${this.directory} cannot be read: ${String(error)}`);
    }
  }

  private async closeGap(): Promise<void> {
    if (this.isClosingGap) return;
    this.isClosingGap = true;
    for (let attempt = 0; this.order.hasGap && attempt < gapPatience.attempts; attempt++) {
      if (attempt > 0) await delay(gapPatience.interval);
      await this.read();
    }
    this.skipGaps();
    this.isClosingGap = false;
  }

  private skipGaps(): void {
    while (this.order.hasGap) {
      this.log.warn(`Event ${this.order.expected} of ${this.directory} is missing and was skipped.`);
      this.order.skipGap();
    }
  }
}
