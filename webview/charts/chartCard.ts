/** A chart with its title, legend and table: made from a spec, redrawn with the run, rebuilt with the theme. */
import type { Pictures } from '../component';
import { setAttribute } from '../dom';
import { createPace } from '../pace';
import type { View } from '../store';
import type { Palette } from '../theme';
import type { Post } from '../vscodeApi';
import type { PictureFormat } from './chartActions';
import { ChartFrame } from './chartFrame';
import { chartPicture } from './chartPicture';
import type { ChartSpec } from './chartSpec';
import { createDrawing, draw, type Drawing } from './drawing';
import { describeChange } from './markers';

/** How often the words for screen readers, and the rows of an open table, follow the picture. */
const summaryPaceMs = 10_000;
const tablePaceMs = 2_000;

export class ChartCard implements Pictures {
  readonly element: HTMLElement;
  private readonly frame: ChartFrame;
  private drawing: Drawing;
  private view: View | undefined;
  /** What the picture shows; undefined when it must be drawn anew. */
  private drawn: View | undefined;
  private readonly summaryPace = createPace(summaryPaceMs);
  private readonly tablePace = createPace(tablePaceMs);

  constructor(private readonly spec: ChartSpec, private palette: Palette, private readonly post: Post) {
    this.frame = new ChartFrame(spec, () => this.toggled(), format => this.save(format));
    this.element = this.frame.element;
    this.drawing = createDrawing(spec, this.frame.canvas, palette);
  }

  pieces(view: View): readonly (() => void)[] {
    return [() => { this.render(view); }];
  }

  render(view: View): void {
    const isTurningPoint = this.view === undefined || this.view.points.length === 0 || this.view.state.finished !== view.state.finished;
    this.view = view;
    this.element.hidden = this.spec.isFor?.(view) === false;
    this.frame.render(view);
    if (isNew(view, this.drawn)) draw(this.drawing, this.spec, view, this.palette);
    this.drawn = view;
    if (isTurningPoint) this.describe(view);
    else this.summaryPace(() => this.describe(view));
    if (this.frame.isTabular) this.tablePace(() => this.frame.fillTable(view));
  }

  recolor(palette: Palette): void {
    this.drawing.destroy();
    this.palette = palette;
    this.drawing = createDrawing(this.spec, this.frame.canvas, palette);
    this.drawn = undefined;
  }

  dispose(): void {
    this.drawing.destroy();
  }

  private toggled(): void {
    if (!this.frame.isTabular) this.drawing.resize();
    else if (this.view !== undefined) this.frame.fillTable(this.view);
  }

  /** A PNG is as the screen has it, in the colours of the editor; an SVG is drawn anew from what the run recorded. */
  private save(format: PictureFormat): void {
    this.post({ type: 'savePicture', chart: this.spec.name, ...format === 'png' ? { png: chartPicture(this.drawing, this.spec, this.palette) } : {} });
  }

  private describe(view: View): void {
    const { title, caption, help } = this.spec;
    const changes = view.state.changes.map(change => `${describeChange(change)} at step ${change.step}`);
    const words = `${title}: ${caption}. ${help === undefined ? '' : `${help} `}${this.spec.summary(view)}${changes.length > 0 ? ` Changes: ${changes.join('; ')}.` : ''}`;
    setAttribute(this.frame.canvas, 'aria-label', words);
  }
}

/** Whether anything came that a chart shows: a change that is only pending is no reason to draw. */
function isNew(view: View, drawn: View | undefined): boolean {
  return drawn === undefined || view.points !== drawn.points || view.validations !== drawn.validations || view.state.changes.length !== drawn.state.changes.length || (view.state.finished === undefined) !== (drawn.state.finished === undefined);
}
