import type { Palette } from '../theme';

/** A part of the view, with pictures of its own. */
export interface SnapshotPart {
  readonly element: HTMLElement;
  recolor(palette: Palette): void;
  dispose(): void;
}
