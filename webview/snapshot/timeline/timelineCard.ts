/**
 * Live bytes across a step: choose an instant by clicking or with the arrow keys, a stretch by dragging, with Ctrl and the wheel, or with + and −.
 * The areas are drawn when what is in view changes; what follows the pointer is drawn on a canvas above them.
 */
import { formatBytes, formatCount } from '../../../src/protocol/format';
import { categories } from '../../../src/protocol/samples';
import { instantAt, type Instant } from '../../../src/protocol/snapshot/instant';
import type { Columns, Scale } from '../../../src/protocol/snapshot/timeline';
import { createPictureButtons, type PictureFormat } from '../../charts/chartActions';
import { element, setAttribute, setText } from '../../dom';
import { categoryLabels, phaseLabels } from '../../labels';
import type { Palette } from '../../theme';
import type { Picture } from '../canvas';
import { PictureCard } from '../pictureCard';
import type { Reading } from '../reading';
import { formatTime } from '../words';
import { drawPeak, drawTimeline, placeToX, plotOf, xToPlace, type Plot } from './timelinePicture';
import { followPointer } from './timelinePointer';
import { createTooltip } from './timelineTooltip';
import { between, pan, reveal, zoom, type Stretch } from './timelineWindow';

export interface TimelineOptions {
  readonly title: string;
  /** Bytes at the top of the picture, at least; two that are compared have one. */
  readonly mostBytes: number;
  readonly chosen: (instant: Instant) => void;
  readonly save: (format: PictureFormat) => void;
}

/** Events in view at least, and the same share of the milliseconds. */
const leastEvents = 8;
const zoomStep = 1.25;

export class TimelineCard extends PictureCard {
  readonly element: HTMLElement;
  private scale: Scale = 'time';
  private view: Stretch;
  private event: number;
  private hovered: number | undefined;
  private brush: Stretch | undefined;
  private columns: Columns | undefined;
  private plot: Plot;
  private readonly tooltip = createTooltip();
  private readonly values = new Map(categories.map(category => [category, element('span', { class: 'value' })]));
  private readonly scaleButtons = (['time', 'event'] as const).map(scale => element('button', { class: 'quiet', type: 'button', 'data-scale': scale, title: scale === 'time' ? 'As long as it took' : 'Every allocation as wide as the next' }, scale === 'time' ? 'By time' : 'By event'));
  private readonly whole = element('button', { class: 'quiet', type: 'button', 'data-action': 'whole' }, 'Whole step');

  constructor(private readonly reading: Reading, palette: Palette, private readonly options: TimelineOptions) {
    super(palette, { class: 'chart-box timeline-box', role: 'slider' });
    this.view = this.all;
    this.event = reading.peak.event;
    this.plot = plotOf(1, 1, 1, this.view, this.scale);
    this.element = this.build();
    this.listen();
    this.refresh();
  }

  /** Shows another instant, without telling. */
  show(event: number): void {
    this.event = event;
    const place = this.reading.timeline.placeOf(event, this.scale);
    const view = reveal(this.view, this.all, place);
    if (view === this.view) this.refresh(false);
    else this.look(view);
  }

  private get all(): Stretch {
    const [from, to] = this.reading.timeline.range(this.scale);
    return { from, to };
  }

  private get least(): number {
    const { lives: { first, last } } = this.reading;
    return this.scale === 'event' ? leastEvents : Math.max(1e-3, (this.all.to - this.all.from) * leastEvents / Math.max(leastEvents, last - first));
  }

  private build(): HTMLElement {
    const { peak, lives: { last } } = this.reading;
    const legend = element('ul', { class: 'legend' }, ...categories.filter(category => this.lives(category)).map(category => element('li', { 'data-category': category }, element('span', { class: `swatch ${category}`, 'aria-hidden': 'true' }), `${categoryLabels[category]} `, this.values.get(category) ?? '')));
    const tools = element('div', { class: 'tools', role: 'group', 'aria-label': 'What the picture shows' }, ...this.scaleButtons, this.whole);
    const actions = element('span', { class: 'chart-buttons chart-actions' }, ...createPictureButtons(this.options.title, this.options.save));
    const caption = element('span', { class: 'caption' }, 'live bytes by category; drag to zoom in, click to choose an instant');
    const head = element('header', {}, element('h3', {}, this.options.title), caption, tools, actions, legend);
    setAttribute(this.stage, 'aria-label', `${this.options.title}: instant of the step`);
    setAttribute(this.stage, 'aria-valuemin', this.reading.lives.first);
    setAttribute(this.stage, 'aria-valuemax', Math.max(0, last));
    const empty = last < 0 ? [element('p', { class: 'empty' }, 'Nothing was allocated or released in this step.')] : [];
    this.stage.append(...empty, this.tooltip.element);
    return element('figure', { class: 'chart', 'data-chart': 'timeline', 'data-peak': peak.event }, head, this.stage);
  }

  /** Whether a category has bytes at any instant. */
  private lives(category: (typeof categories)[number]): boolean {
    const { from, to } = this.all;
    this.columns ??= this.reading.timeline.columns(from, to, 400, this.scale);
    const { bytes } = this.columns;
    for (let at = categories.indexOf(category); at < bytes.length; at += categories.length) if ((bytes[at] ?? 0) > 0) return true;
    return false;
  }

  private listen(): void {
    for (const button of this.scaleButtons) button.addEventListener('click', () => this.rescale(button.dataset['scale'] as Scale));
    this.whole.addEventListener('click', () => this.look(this.all));
    this.stage.addEventListener('keydown', event => { if (this.press(event.key, event.shiftKey)) event.preventDefault(); });
    this.stage.addEventListener('focus', () => this.refresh(false));
    followPointer(this.stage, {
      hover: x => { this.hovered = x === undefined ? undefined : this.eventAt(x); this.refresh(false); },
      brush: (from, to) => { this.brush = from === undefined || to === undefined ? undefined : { from, to }; this.refresh(false); },
      zoomTo: (from, to) => this.look(between(xToPlace(this.plot, from), xToPlace(this.plot, to), this.all, this.least)),
      choose: x => this.choose(this.eventAt(x)),
      zoom: (x, closer) => this.look(zoom(this.view, this.all, xToPlace(this.plot, x), closer ? 1 / zoomStep : zoomStep, this.least)),
      pan: pixels => this.look(pan(this.view, this.all, pixels / this.plot.width * (this.view.to - this.view.from))),
      whole: () => this.look(this.all),
    });
  }

  private press(key: string, fast: boolean): boolean {
    const { first, last } = this.reading.lives;
    const here = this.reading.timeline.placeOf(this.event, this.scale);
    const page = Math.max(1, Math.round((last - first) / 50));
    const step = fast ? page : 1;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.choose(this.event - step), ArrowRight: () => this.choose(this.event + step),
      PageDown: () => this.choose(this.event - page), PageUp: () => this.choose(this.event + page),
      Home: () => this.choose(first), End: () => this.choose(last), p: () => this.choose(this.reading.peak.event), P: () => this.choose(this.reading.peak.event),
      '+': () => this.look(zoom(this.view, this.all, here, 1 / zoomStep, this.least)), '=': () => this.look(zoom(this.view, this.all, here, 1 / zoomStep, this.least)),
      '-': () => this.look(zoom(this.view, this.all, here, zoomStep, this.least)), Escape: () => this.look(this.all), 0: () => this.look(this.all),
    };
    keys[key]?.();
    return key in keys;
  }

  private rescale(scale: Scale): void {
    const { timeline } = this.reading;
    const [from, to] = [this.view.from, this.view.to].map(place => timeline.placeOf(timeline.instantAt(place, this.scale), scale));
    const isWhole = this.view.from <= this.all.from && this.view.to >= this.all.to;
    this.scale = scale;
    this.look(isWhole ? this.all : between(from ?? 0, to ?? 0, this.all, this.least));
  }

  private look(view: Stretch): void {
    this.view = view;
    this.refresh();
  }

  private choose(event: number): void {
    const { lives } = this.reading;
    if (lives.last < 0) return;
    const chosen = Math.max(lives.first, Math.min(lives.last, event));
    this.show(chosen);
    this.options.chosen(instantAt(lives, chosen));
  }

  /** The highest instant in the column at a place: what the picture shows there. */
  private eventAt(x: number): number {
    const { columns, plot, reading: { timeline } } = this;
    const column = Math.floor((x - plot.left) / plot.width * (columns?.total.length ?? 0));
    return columns?.event[Math.max(0, Math.min(columns.event.length - 1, column))] ?? timeline.instantAt(xToPlace(plot, x), this.scale);
  }

  protected override drawAreas({ context, width, height }: Picture): void {
    if (this.reading.lives.last < 0) return;
    this.plot = plotOf(width, height, this.options.mostBytes, this.view, this.scale);
    this.columns = this.reading.timeline.columns(this.view.from, this.view.to, Math.round(this.plot.width), this.scale);
    drawTimeline(context, this.plot, this.columns, this.reading, this.palette);
    setAttribute(this.element, 'data-columns', this.columns.total.length);
  }

  protected override drawOverlay({ context, width: pictureWidth }: Picture): void {
    if (this.reading.lives.last < 0) return;
    const { plot, palette } = this;
    if (this.brush !== undefined) {
      context.fillStyle = palette.grid;
      context.fillRect(Math.min(this.brush.from, this.brush.to), plot.top, Math.abs(this.brush.to - this.brush.from), plot.height);
    }
    for (const [event, width, color] of [[this.hovered, 1, palette.muted], [this.event, 2, palette.text]] as const) {
      const place = event === undefined ? undefined : this.reading.timeline.placeOf(event, this.scale);
      if (place === undefined || place < this.view.from || place > this.view.to) continue;
      // Light around it, so that it shows on every colour of the stack.
      const x = Math.round(placeToX(plot, place) - width / 2);
      for (const [fill, around] of [[palette.background, 1], [color, 0]] as const) {
        context.fillStyle = fill;
        context.fillRect(x - around, plot.top - 4, width + 2 * around, plot.height + 4);
      }
    }
    drawPeak(context, plot, this.reading, palette);
    if (this.hovered === undefined || this.brush !== undefined) this.tooltip.hide();
    else this.tooltip.show(this.reading, this.hovered, placeToX(plot, this.reading.timeline.placeOf(this.hovered, this.scale)), pictureWidth);
  }

  /** Figures of the instant under the pointer, or else of that chosen. */
  protected override say(): void {
    const { reading: { timeline, lives, stretches }, scaleButtons, event } = this;
    const bytes = new Float64Array(categories.length);
    if (lives.last >= 0) timeline.replay(this.hovered ?? event, bytes);
    categories.forEach((category, at) => { const value = this.values.get(category); if (value !== undefined) setText(value, formatBytes(bytes[at] ?? 0)); });
    for (const button of scaleButtons) setAttribute(button, 'aria-pressed', button.dataset['scale'] === this.scale ? 'true' : 'false');
    this.whole.disabled = this.view.from <= this.all.from && this.view.to >= this.all.to;
    const phase = stretches.find(({ from, to }) => from <= event && event < to)?.phase ?? 'update';
    setAttribute(this.stage, 'aria-valuenow', Math.max(0, event));
    setAttribute(this.stage, 'aria-valuetext', `${formatBytes(timeline.totalAt(event))} after event ${formatCount(Math.max(0, event))}, at ${formatTime(timeline.placeOf(event, 'time'))}, ${phaseLabels[phase]}`);
  }
}
