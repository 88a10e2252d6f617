/** Which area an arrow key goes to: the nearest beyond the edge, of those most straight ahead. */
import type { Rectangle } from '../../../src/protocol/snapshot/squarify';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The area itself where there is none. */
export function neighbour<Area extends Rectangle>(from: Area, areas: readonly Area[], direction: Direction): Area {
  const isAcross = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const middle = ({ x, y, width, height }: Rectangle) => isAcross ? [x + width / 2, y + height / 2] as const : [y + height / 2, x + width / 2] as const;
  const [own, beside] = middle(from);
  let [best, least] = [from, Infinity];
  for (const area of areas) {
    const [place, aside] = middle(area);
    const ahead = (place - own) * sign;
    if (area === from || ahead <= 0) continue;
    const distance = ahead + 2 * Math.abs(aside - beside);
    if (distance >= least) continue;
    [best, least] = [area, distance];
  }
  return best;
}
