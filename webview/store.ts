/** What the panel knows: a projection of the host's messages that could be thrown away at any time. */
import { dispatch, type Handlers } from '../src/protocol/handlers';
import type { RunView, ViewMessage } from '../src/protocol/panel';
import { appendPoint } from '../src/protocol/points';
import type { SampleEvent, ValidationEvent } from '../src/protocol/runEvents';
import type { RunState } from '../src/protocol/runState';

export interface View {
  readonly run: RunView;
  readonly state: RunState;
  readonly points: readonly SampleEvent[];
  readonly validations: readonly ValidationEvent[];
}

export interface Store {
  /** Undefined until the first snapshot. */
  readonly view: View | undefined;
  receive(message: ViewMessage): void;
}

/** `changed` is called after every message that changed the view. */
export function createStore(changed: (view: View) => void): Store {
  let view: View | undefined;
  const show = (next: View) => {
    view = next;
    changed(next);
  };
  const handlers: Handlers<ViewMessage> = {
    snapshot: ({ run, state, points, validations }) => show({ run, state, points, validations }),
    update: ({ state, points, validations }) => {
      // An update that overtakes the snapshot says nothing the snapshot will not say.
      if (view === undefined) return;
      const longer = points.reduce<readonly SampleEvent[]>((all, point) => appendPoint(all, point), view.points);
      show({ run: view.run, state, points: longer, validations: validations.length > 0 ? [...view.validations, ...validations] : view.validations });
    },
  };
  return {
    get view() { return view; },
    receive: message => dispatch(handlers, message),
  };
}
