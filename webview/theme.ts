/**
 * The colours of canvases. A canvas reads no CSS variables, so the roles of `css/roles.css` are resolved here, and again
 * whenever the editor's theme changes.
 */
import { risks, type Risk } from '../src/protocol/risks';
import { categories, type Category } from '../src/protocol/samples';

export interface Palette {
  readonly categories: Readonly<Record<Category, string>>;
  readonly risks: Readonly<Record<Risk, string>>;
  readonly train: string;
  readonly band: string;
  readonly validation: string;
  readonly marker: string;
  readonly alarm: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly control: string;
  readonly background: string;
  readonly tooltip: { readonly background: string; readonly text: string; readonly border: string };
  readonly fontFamily: string;
  /** High contrast: neighbours in a stack are told apart by hatching too. */
  readonly hatched: boolean;
}

export function readPalette(body: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  body.append(probe);
  const role = (name: string) => {
    probe.style.color = `var(--efcp-${name})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    categories: Object.fromEntries(categories.map(category => [category, role(category)])) as Record<Category, string>,
    risks: Object.fromEntries(risks.map(risk => [risk, role(`risk-${risk}`)])) as Record<Risk, string>,
    train: role('train'), band: role('band'), validation: role('validation'), marker: role('marker'), alarm: role('bad'),
    text: role('text'), muted: role('muted'), grid: role('grid'), control: role('control'), background: role('background'),
    tooltip: { background: role('hover-background'), text: role('hover-text'), border: role('hover-border') },
    fontFamily: getComputedStyle(body).fontFamily,
    hatched: body.classList.contains('vscode-high-contrast'),
  };
  probe.remove();
  return palette;
}

/** Calls back on every change of theme, as the editor announces it on the body and on the root's style. */
export function observeTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-kind', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributeFilter: ['style'] });
}
