/**
 * Decides which steps are recorded because the run has reached a new peak. A peak is seen when its step is over, so the steps after it are
 * recorded until one comes within a hundredth of it; batches of text differ in length, so that may take a few, and of those that stay
 * below, the highest does. The first step is none: it sets things up as well.
 */
const nearness = 0.01;
const mostTries = 8;

export class PeakWatch {
  private highest: number;
  /** What the last chase was begun for. */
  private chased: number;
  private tries = 0;

  /** `before`: the peak that the run's last such recording shows. */
  constructor(before = 0) {
    this.highest = before;
    this.chased = before;
  }

  /** Whether the next step is to be recorded. */
  get isChasing(): boolean {
    return this.tries > 0;
  }

  /** A step has reached this peak, recorded or not. */
  note(peakBytes: number): void {
    this.highest = Math.max(this.highest, peakBytes);
    if (this.highest <= (1 + nearness) * this.chased) return;
    this.chased = this.highest;
    this.tries = mostTries;
  }

  /** What becomes of a recorded step: `kept` where it shows the peak, `held` where it may be the best that comes, `last` where no other will be tried. */
  judge(peakBytes: number): 'kept' | 'held' | 'last' {
    if (peakBytes >= (1 - nearness) * this.highest) {
      this.tries = 0;
      return 'kept';
    }
    this.tries--;
    return this.tries > 0 ? 'held' : 'last';
  }
}
