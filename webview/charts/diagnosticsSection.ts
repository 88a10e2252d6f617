/** What the optimizer does to the gradient, a small chart for each figure that it has. */
import type { Pictures } from '../component';
import { element } from '../dom';
import type { View } from '../store';
import type { Palette } from '../theme';
import type { Post } from '../vscodeApi';
import { ChartCard } from './chartCard';
import { diagnosticFigures, type DiagnosticFigure } from './diagnosticFigures';
import { figureChart, lastMeasured } from './figureChart';

export function createDiagnosticsSection(post: Post, initial: Palette): Pictures {
  let palette = initial;
  /** Made when first shown. */
  const cards = new Map<DiagnosticFigure, ChartCard>();
  const cardOf = (figure: DiagnosticFigure) => {
    const card = cards.get(figure) ?? new ChartCard(figureChart(figure), palette, post);
    cards.set(figure, card);
    return card;
  };
  const charts = element('div', { class: 'small-charts' });
  const caption = element('span', { class: 'caption' }, 'of some of the steps; g gradient, u update, e residual');
  const section = element('section', { class: 'diagnostics', 'aria-label': 'Diagnostics' }, element('header', {}, element('h2', {}, 'Diagnostics'), caption), charts);
  let shown = '';
  const arrange = (figures: readonly DiagnosticFigure[]) => {
    const names = figures.map(({ name }) => name).join(' ');
    if (names !== shown) charts.replaceChildren(...figures.map(figure => cardOf(figure).element));
    shown = names;
    section.hidden = figures.length === 0;
  };
  const pieces = (view: View) => {
    const figures = diagnosticFigures.filter(figure => isShown(figure, view));
    return [() => { arrange(figures); }, ...figures.flatMap(figure => cardOf(figure).pieces(view))];
  };
  return {
    element: section,
    pieces,
    render: view => { for (const piece of pieces(view)) piece(); },
    recolor: next => {
      palette = next;
      for (const card of cards.values()) card.recolor(next);
    },
    dispose: () => { for (const card of cards.values()) card.dispose(); },
  };
}

/** A recording from before there were diagnostics has points and none of them. */
function isShown(figure: DiagnosticFigure, { state, points }: View): boolean {
  return figure.belongsTo(state.settings) && (points.length === 0 || lastMeasured(points, figure.name) !== undefined);
}
