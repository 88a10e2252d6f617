/**
 * Tells a run that diverges from one that is noisy. With m the median of the last 21 losses, m0 the first such median, b the lowest so far and
 * s the spread (interquartile range) of the window at b, the loss has diverged when
 *
 *   m > min(b + |b|, m0) + |m0| / 2 + 4 s.
 *
 * A median answers to neither single outliers nor half a window of them; |m0| / 2 keeps runs quiet that have fitted nearly everything, where
 * a factor of b alone would be next to nothing, and 4 s those that never were quiet. m0 bounds what runs may rise to that had hardly fallen:
 * once a loss is half above where it began, doubling is not waited for. Follows from the losses since the start alone, so
 * what is remembered goes into checkpoints: 21 losses and three numbers.
 */
import * as z from 'zod';

const length = 21;
/** Losses of the window beyond the limit from which a state is doubtful: no good one to keep. */
const doubtful = 3;

export const savedLosses = z.object({
  losses: z.array(z.number()).max(length),
  /** Absent until the window is full. */
  start: z.number().optional(), best: z.number().optional(), spread: z.number().optional(),
});
export type SavedLosses = z.infer<typeof savedLosses>;

export class Divergence {
  private losses: number[] = [];
  private reference: { readonly start: number; readonly best: number; readonly spread: number } | undefined;

  /** Takes a loss in; tells the median and the lowest so far where it has diverged. */
  note(loss: number): { readonly median: number; readonly best: number } | undefined {
    this.losses.push(loss);
    if (this.losses.length > length) this.losses.shift();
    if (this.losses.length < length) return undefined;
    const ordered = this.losses.toSorted((a, b) => a - b);
    const at = (place: number) => ordered[Math.round(place * (length - 1))] ?? loss;
    const [median, spread] = [at(0.5), at(0.75) - at(0.25)];
    const { reference } = this;
    if (reference === undefined || median < reference.best) this.reference = { start: reference?.start ?? median, best: median, spread };
    return median > this.limit ? { median, best: this.reference?.best ?? median } : undefined;
  }

  /** Whether the loss has begun to be beyond what it was: a checkpoint written now might keep what is to be thrown away. */
  get isDoubtful(): boolean {
    const { limit } = this;
    return this.losses.filter(loss => loss > limit).length >= doubtful;
  }

  /** What has happened counts no longer: the run shall go on from here. */
  forget(): void {
    this.losses = [];
    this.reference = undefined;
  }

  save(): SavedLosses {
    return { losses: [...this.losses], ...this.reference };
  }

  restore({ losses, start, best, spread }: SavedLosses): void {
    this.losses = [...losses];
    this.reference = start === undefined || best === undefined || spread === undefined ? undefined : { start, best, spread };
  }

  private get limit(): number {
    if (this.reference === undefined) return Infinity;
    const { start, best, spread } = this.reference;
    return Math.min(best + Math.abs(best), start) + Math.abs(start) / 2 + 4 * spread;
  }
}
