import type { View } from './store';

/** A part of the panel: builds its elements once, then follows the run. */
export interface Component {
  readonly element: HTMLElement;
  render(view: View): void;
}
