/**
 * A picture on two canvases: what it shows is drawn on the lower when that changes, what follows the pointer on the upper, on the next
 * animation frame, however often it is asked for. Until then the card is marked as stale.
 */
import { element, setAttribute } from '../dom';
import { createScheduler } from '../scheduler';
import type { Palette } from '../theme';
import { beginPicture, type Picture } from './canvas';
import type { SnapshotPart } from './snapshotPart';

export abstract class PictureCard implements SnapshotPart {
  abstract readonly element: HTMLElement;
  protected readonly stage: HTMLElement;
  private readonly canvas = element('canvas', { 'aria-hidden': 'true' });
  private readonly overlay = element('canvas', { 'aria-hidden': 'true' });
  private isDirty = true;
  private readonly resized = new ResizeObserver(() => this.refresh());
  private readonly request = createScheduler(() => this.draw());

  protected constructor(protected palette: Palette, attributes: Readonly<Record<string, string | number>>) {
    this.stage = element('div', { tabindex: 0, ...attributes }, this.canvas, this.overlay);
    this.resized.observe(this.stage);
  }

  recolor(palette: Palette): void {
    this.palette = palette;
    this.refresh();
  }

  dispose(): void {
    this.resized.disconnect();
  }

  /** Without `areas` only what follows the pointer. */
  protected refresh(areas = true): void {
    this.isDirty ||= areas;
    setAttribute(this.element, 'data-stale', true);
    this.request();
  }

  protected abstract drawAreas(picture: Picture): void;
  protected abstract drawOverlay(picture: Picture): void;
  /** Words beside the picture. */
  protected abstract say(): void;

  private draw(): void {
    const lower = this.isDirty ? beginPicture(this.canvas) : undefined;
    if (lower !== undefined) this.drawAreas(lower);
    this.isDirty = false;
    const upper = beginPicture(this.overlay);
    if (upper !== undefined) this.drawOverlay(upper);
    this.say();
    setAttribute(this.element, 'data-stale', undefined);
  }
}
