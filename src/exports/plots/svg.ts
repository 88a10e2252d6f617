/**
 * SVG as text. Colours are CSS variables with one set for light pages and one for dark ones, so that a picture suits the page
 * it is shown on; every picture has a title and a description for those who do not see it.
 */
export type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(typeof value === 'number' ? decimal(value) : value)}"`).join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escapeText(content));
}

/** Two places are a tenth of what a screen shows. */
export function decimal(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function escapeText(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** `M0 0L1 2 ...` through points in pixels. */
export function pathThrough(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : index === 1 ? 'L' : ''}${decimal(x)} ${decimal(y)}`).join(' ');
}

export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
}

/** Roles, and for `series` six hues that differ in lightness too, so that they stay apart for the colour-blind. */
const light = { paper: '#ffffff', ink: '#1f2328', muted: '#59636e', grid: '#e4e7eb', frame: '#9aa3ad', series: ['#1f2328', '#0a66c2', '#d1570a', '#17803d', '#8a3ffc', '#b8860b'] };
const dark = { paper: '#1b1f24', ink: '#e6e9ed', muted: '#9da7b3', grid: '#30363d', frame: '#6a737d', series: ['#e6e9ed', '#6cb6ff', '#f69d50', '#57c779', '#c297ff', '#e3c04b'] };

export const seriesColors = light.series.length;

function variables({ series, ...roles }: typeof light): string {
  const all = { ...roles, ...Object.fromEntries(series.map((color, index) => [`series${index}`, color])) };
  return Object.entries(all).map(([name, color]) => `--${name}:${color}`).join(';');
}

const style = `svg{${variables(light)};font-family:system-ui,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}`
  + `@media(prefers-color-scheme:dark){svg{${variables(dark)}}}`
  + 'text{fill:var(--ink);font-size:12px}.muted{fill:var(--muted)}.title{font-size:15px;font-weight:600}'
  + '.grid{stroke:var(--grid);stroke-width:1;fill:none}.frame{stroke:var(--frame);stroke-width:1;fill:none}.paper{fill:var(--paper)}'
  + '.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}'
  + Array.from({ length: seriesColors }, (_, index) => `.s${index}{stroke:var(--series${index})}`).join('');

export function picture({ width, height, title, description }: PictureOptions, ...content: readonly string[]): string {
  return `${element('svg', { 'xmlns': 'http://www.w3.org/2000/svg', 'viewBox': `0 0 ${width} ${height}`, width, height, 'role': 'img', 'aria-labelledby': 'title description' },
    element('title', { id: 'title' }, escapeText(title)),
    element('desc', { id: 'description' }, escapeText(description)),
    element('style', {}, style),
    element('rect', { class: 'paper', width, height }),
    text(title, { class: 'title', x: 16, y: 26 }),
    ...content,
  )}\n`;
}
