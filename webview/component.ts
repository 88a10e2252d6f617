import type { View } from './store';
import type { Palette } from './theme';

/** A part of the panel: builds its elements once, then follows the run. */
export interface Component {
  readonly element: HTMLElement;
  render(view: View): void;
}

/** A part with charts. */
export interface Pictures extends Component {
  /** What `render` does, chart by chart, to be done one after the other. */
  pieces(view: View): readonly (() => void)[];
  /** Rebuilds the charts in new colours; the next rendering fills them. */
  recolor(palette: Palette): void;
  /** Lets go of the charts, before another run takes the panel's place. */
  dispose(): void;
}
