/** What categories are filled with: their colour; in high contrast the lighter one of a hue is hatched. */
import { categories, type Category } from '../../src/protocol/samples';
import { hatching } from '../charts/hatching';
import type { Palette } from '../theme';

type Fills = Readonly<Record<Category, string | CanvasPattern>>;

const hatched: ReadonlySet<Category> = new Set<Category>(['gradients', 'activationGradients', 'workspace']);
const known = new WeakMap<Palette, Fills>();

export function fillsOf(palette: Palette): Fills {
  const made = known.get(palette) ?? Object.fromEntries(categories.map(category => {
    const color = palette.categories[category];
    return [category, palette.hatched && hatched.has(category) ? hatching(color, palette.background) : color];
  })) as Record<Category, string | CanvasPattern>;
  known.set(palette, made);
  return made;
}

export function isHatched(category: Category, palette: Palette): boolean {
  return palette.hatched && hatched.has(category);
}
