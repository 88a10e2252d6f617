/** The stretch of a step that is in view. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Makes it `factor` times as long around a place that stays where it is, within `all` and no shorter than `least`. */
export function zoom({ from, to }: Stretch, all: Stretch, place: number, factor: number, least: number): Stretch {
  const whole = all.to - all.from;
  const length = Math.min(whole, Math.max(Math.min(least, whole), (to - from) * factor));
  const share = to === from ? 0 : (place - from) / (to - from);
  return within({ from: place - share * length, to: place + (1 - share) * length }, all);
}

/** Moves it by a distance, as far as there is something. */
export function pan({ from, to }: Stretch, all: Stretch, distance: number): Stretch {
  return within({ from: from + distance, to: to + distance }, all);
}

/** The same length, so that a place is in view; unchanged where it is. */
export function reveal(view: Stretch, all: Stretch, place: number): Stretch {
  if (place >= view.from && place <= view.to) return view;
  return pan(view, all, place - (view.from + view.to) / 2);
}

/** From one place to another, whichever comes first. */
export function between(one: number, two: number, all: Stretch, least: number): Stretch {
  const [from, to] = [Math.min(one, two), Math.max(one, two)];
  return to - from >= least ? within({ from, to }, all) : zoom({ from, to: Math.max(to, from + least) }, all, (from + to) / 2, 1, least);
}

function within({ from, to }: Stretch, all: Stretch): Stretch {
  const length = Math.min(to - from, all.to - all.from);
  const start = Math.max(all.from, Math.min(from, all.to - length));
  return { from: start, to: start + length };
}
