/** Runs an action at most once per interval; the last one asked for in between runs when the interval is over. */
export function createPace(intervalMs: number): (action: () => void) => void {
  let waiting: (() => void) | undefined;
  let resting = false;
  const rest = () => {
    resting = true;
    setTimeout(() => {
      resting = false;
      const action = waiting;
      waiting = undefined;
      if (action === undefined) return;
      action();
      rest();
    }, intervalMs);
  };
  return action => {
    if (resting) {
      waiting = action;
      return;
    }
    action();
    rest();
  };
}
