/** What a change would cost, said before it is made: bytes of optimizer state now, after, and the difference. */
import type { RunState } from '../src/protocol/runState';
import type { Settings } from '../src/settings/knobs';
import { parameterSpace } from '../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../src/settings/stateBytes';

export interface Prediction {
  readonly before: number;
  readonly after: number;
  readonly delta: number;
}

/** Undefined until the trainer has said how many parameters there are. */
export function predict({ settings, started }: Pick<RunState, 'settings' | 'started'>, change: Partial<Settings>): Prediction | undefined {
  if (started === undefined) return undefined;
  const space = parameterSpace(started.parameters);
  const weigh = (all: Settings) => totalBytes(stateBytes(all, space));
  const [before, after] = [weigh(settings), weigh({ ...settings, ...change })];
  return { before, after, delta: after - before };
}
