/** A scene as SVG, with the title and the description that screen readers read. */
import { element, escapeText, pathThrough, text } from '../plots/svg';
import type { Scene, Shape } from './scene';

const family = 'system-ui, \'Segoe UI\', Roboto, \'Helvetica Neue\', Arial, sans-serif';

export function svgScene({ width, height, title, description, shapes }: Scene): string {
  return `${element('svg', { 'xmlns': 'http://www.w3.org/2000/svg', 'viewBox': `0 0 ${width} ${height}`, width, height, 'role': 'img', 'aria-labelledby': 'title description', 'font-family': family },
    element('title', { id: 'title' }, escapeText(title)),
    element('desc', { id: 'description' }, escapeText(description)),
    element('rect', { width, height, fill: '#ffffff' }),
    ...shapes.map(drawn),
  )}\n`;
}

function drawn(shape: Shape): string {
  switch (shape.kind) {
    case 'area': return element('path', { d: `${pathThrough(shape.points)}Z`, fill: shape.fill, ...shape.opacity === undefined ? {} : { opacity: shape.opacity } }, ...shape.about === undefined ? [] : [element('title', {}, escapeText(shape.about))]);
    case 'stroke': return element('path', {
      'd': pathThrough(shape.points), 'fill': 'none', 'stroke': shape.color, 'stroke-width': shape.width, 'stroke-linejoin': 'round', 'stroke-linecap': 'round', ...shape.dash === undefined ? {} : { 'stroke-dasharray': shape.dash.join(' ') },
    });
    case 'words': return text(shape.text, {
      'x': shape.at[0], 'y': shape.at[1], 'font-size': shape.size, 'fill': shape.color, ...shape.anchor === 'start' ? {} : { 'text-anchor': shape.anchor }, ...shape.bold === true ? { 'font-weight': 600 } : {},
    });
  }
}
