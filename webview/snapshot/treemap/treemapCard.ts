/** What lives at an instant as areas. With the keyboard: arrows go from area to area, Enter opens its line, or lists its layer. */
import { formatBytes, formatShare } from '../../../src/protocol/format';
import type { Instant } from '../../../src/protocol/snapshot/instant';
import { wordsOf } from '../../../src/protocol/snapshot/ranking';
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { treemap, type Area } from '../../../src/protocol/snapshot/treemap';
import { createPictureButtons, type PictureFormat } from '../../charts/chartActions';
import { element, setAttribute, setText } from '../../dom';
import type { Palette } from '../../theme';
import type { Picture } from '../canvas';
import { PictureCard } from '../pictureCard';
import { areaWords, labelOf, shortSource } from '../words';
import { neighbour, type Direction } from './neighbour';
import { drawTreemap, outline, titleHeight } from './treemapPicture';

export interface TreemapActions {
  open(source: string): void;
  /** Lists the buffers of a layer. */
  narrow(layer: string): void;
  save(format: PictureFormat): void;
}

const directions: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

export class TreemapCard extends PictureCard {
  readonly element: HTMLElement;
  private instant: Instant | undefined;
  private areas: readonly Area[] = [];
  private leaves: readonly Area[] = [];
  private pointed: Area | undefined;
  private readonly words = element('p', { class: 'caption area-words', role: 'status' });

  constructor(private readonly snapshot: StepSnapshot, palette: Palette, private readonly actions: TreemapActions) {
    super(palette, { class: 'chart-box treemap-box', role: 'application', 'aria-roledescription': 'treemap', 'aria-label': 'What lives, as areas. The table says the same.' });
    const head = element('header', {}, element('h3', {}, 'By area'), element('span', { class: 'caption' }, 'category, layer, buffer'),
      element('span', { class: 'chart-buttons chart-actions' }, ...createPictureButtons('What lives at the peak, as areas', format => this.actions.save(format))));
    this.element = element('figure', { class: 'chart', 'data-chart': 'treemap' }, head, this.stage, this.words);
    this.stage.addEventListener('pointermove', ({ offsetX, offsetY }) => this.point(this.areaAt(offsetX, offsetY)));
    this.stage.addEventListener('pointerleave', () => this.point(undefined));
    this.stage.addEventListener('blur', () => this.point(undefined));
    this.stage.addEventListener('click', ({ offsetX, offsetY }) => this.follow(this.areaAt(offsetX, offsetY)));
    this.stage.addEventListener('keydown', event => { if (this.press(event.key)) event.preventDefault(); });
  }

  show(instant: Instant): void {
    this.instant = instant;
    this.pointed = undefined;
    this.refresh();
  }

  private press(key: string): boolean {
    const direction = directions[key];
    if (direction === undefined) {
      if (key === 'Enter' || key === ' ') this.follow(this.pointed);
      return key === 'Enter' || key === ' ';
    }
    this.point(this.pointed === undefined ? this.leaves[0] : neighbour(this.pointed, this.leaves, direction));
    return true;
  }

  /** To the line it was made in; where that is not known, to the list of its layer. */
  private follow(area: Area | undefined): void {
    if (area === undefined) return;
    const source = area.buffer === undefined ? '' : wordsOf(this.snapshot, area.buffer).source;
    const layer = this.snapshot.texts[area.layer ?? 0] ?? '';
    if (source !== '') this.actions.open(source);
    else if (layer !== '') this.actions.narrow(layer);
  }

  private point(area: Area | undefined): void {
    if (area === this.pointed) return;
    this.pointed = area;
    this.refresh(false);
  }

  private areaAt(x: number, y: number): Area | undefined {
    return this.leaves.find(area => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height);
  }

  protected override drawAreas({ context, width, height }: Picture): void {
    if (this.instant === undefined) return;
    this.areas = treemap(this.instant, { width, height, title: titleHeight, gap: 1, least: 60 });
    this.leaves = this.areas.filter(({ level, layer }) => level === 'buffer' || (level === 'layer' && layer === undefined));
    drawTreemap(context, this.areas, this.snapshot, this.palette);
    setAttribute(this.element, 'data-areas', this.areas.length);
  }

  protected override drawOverlay({ context }: Picture): void {
    if (this.pointed !== undefined) outline(context, this.pointed, this.palette);
  }

  protected override say(): void {
    setText(this.words, this.pointed === undefined ? 'Point at an area to see the buffer; click it for its line.' : this.describe(this.pointed));
  }

  private describe(area: Area): string {
    const { category, buffer, bytes } = area;
    const { total = 0 } = this.instant ?? {};
    const source = buffer === undefined ? '' : wordsOf(this.snapshot, buffer).source;
    return [labelOf(category), areaWords(this.snapshot, area), formatBytes(bytes), total === 0 ? '' : formatShare(bytes / total), shortSource(source)].filter(Boolean).join(' · ');
  }
}
