/** The knobs that the run's optimizer reads and that can be turned while it goes on; below them what is fixed. */
import { isOver } from '../../src/protocol/runState';
import { optionsWithin } from '../../src/settings/devicePlacement';
import { hasEffect, isRead } from '../../src/settings/isRead';
import { isLive, isUsedBy, knob, knobNames, sectionOf, type KnobName, type LiveKnobName, type Settings } from '../../src/settings/knobs';
import { mostOf } from '../../src/settings/limits';
import type { Component } from '../component';
import { element, setText } from '../dom';
import type { Forecasts } from '../planning/forecasts';
import type { Post } from '../vscodeApi';
import { createFixedList, createFixedSettings, fixedCaption } from './fixedSettings';
import { folds, type Fold } from './knobFolds';
import type { TurnableKnob } from './createControl';
import { KnobRow } from './knobRow';

export function createKnobsForm(post: Post, forecasts: Forecasts): Component {
  const caption = element('span', { class: 'caption' });
  const form = element('div', { class: 'knobs-form' });
  const folded = new Set(folds.map(({ section }) => section));
  const fixed = createFixedSettings(name => !folded.has(sectionOf(name)));
  let rows: readonly Component[] = [];
  let shown: Settings | undefined;
  return {
    element: element('section', { 'aria-label': 'Knobs' }, element('header', {}, element('h2', {}, 'Knobs'), caption), form, fixed.element),
    render: view => {
      const { settings, status } = view.state;
      if (shown?.optimizer !== settings.optimizer || shown.placement !== settings.placement) {
        shown = settings;
        rows = partsFor(settings, post, forecasts);
        form.replaceChildren(...rows.map(row => row.element));
      }
      setText(caption, isOver(status) ? 'as they were at the end' : 'applied between two steps');
      for (const row of rows) row.render(view);
      fixed.render(view);
    },
  };
}

/** The knobs in view, then one fold after the other; a fold without a knob is left out. */
function partsFor(settings: Settings, post: Post, forecasts: Forecasts): Component[] {
  const rows = rowsFor(settings, (name, entry) => new KnobRow(name, entry, post, forecasts));
  const folded = new Set(folds.flatMap(({ knobs }) => knobs));
  const inView = createRows(rows.filter(({ name }) => !folded.has(name)));
  return [inView, ...folds.flatMap(fold => {
    const own = rows.filter(({ name }) => fold.knobs.includes(name));
    return own.length === 0 && fixedOf(fold, settings).length === 0 ? [] : [createFold(fold, own)];
  })];
}

/** Settings of the fold that the run reads and that are fixed for it. */
function fixedOf({ section }: Fold, settings: Settings): readonly KnobName[] {
  return section === undefined ? [] : knobNames.filter(name => sectionOf(name) === section && !isLive(name) && isRead(name, settings));
}

/** A choice without an alternative is left out. */
function rowsFor(settings: Settings, rowOf: (name: LiveKnobName, entry: TurnableKnob) => KnobRow): KnobRow[] {
  const { optimizer } = settings;
  return knobNames.flatMap(name => {
    const entry = knob(name);
    if (!isLive(name) || !isUsedBy(name, optimizer)) return [];
    if (entry.kind === 'number') return [rowOf(name, { ...entry, max: mostOf(name, entry, settings) })];
    if (entry.kind === 'switch' || entry.kind === 'names') return [rowOf(name, entry)];
    if (entry.kind !== 'choice') return [];
    const options = optionsWithin(settings, name, entry);
    return options.length > 1 ? [rowOf(name, { ...entry, options })] : [];
  });
}

function createRows(rows: readonly KnobRow[]): Component {
  return {
    element: element('div', { class: 'knobs' }, ...rows.map(row => row.element)),
    render: view => {
      for (const row of rows) {
        row.element.hidden = !hasEffect(row.name, view.state.settings);
        row.render(view);
      }
    },
  };
}

function createFold(fold: Fold, rows: readonly KnobRow[]): Component {
  const said = element('span', { class: 'digest' });
  const { section } = fold;
  const inner = [createRows(rows), ...(section === undefined ? [] : [createFixedList(name => sectionOf(name) === section, fixedCaption)])];
  return {
    element: element('details', { class: 'fold', 'data-fold': fold.name }, element('summary', {}, `${fold.title} `, said), ...inner.map(part => part.element)),
    render: view => {
      setText(said, fold.digest(view.state.settings));
      for (const part of inner) part.render(view);
    },
  };
}
