/** What a snapshot is of: the step, where it was taken, its peak. */
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { formatBytes, formatCount } from '../../src/protocol/format';
import type { FromSnapshotView } from '../../src/protocol/snapshotPanel';
import { element } from '../dom';
import { createFigure } from '../figure';
import { formatExactBytes } from '../format';
import { phaseLabels } from '../labels';
import type { Reading } from './reading';
import { formatTime, reasonHelp, reasonLabels } from './words';

export function createSnapshotHeader(reading: Reading, post: (message: FromSnapshotView) => void): HTMLElement {
  const { snapshot: { about }, name } = reading;
  const compare = element('vscode-button', { secondary: true, 'data-action': 'compare', title: 'Choose another snapshot, and see what appeared, grew, vanished and shrank' }, 'Compare with…');
  compare.addEventListener('click', () => post({ type: 'compare' }));
  const title = element('div', { class: 'title' }, element('h1', { title: name }, titleOf(reading)), badgeOf(reading), element('p', { class: 'setup', title: name }, setupOf(reading)));
  const bar = element('header', { class: 'bar' }, element('div', { class: 'bar-row' }, title, element('div', { class: 'actions' }, compare)));
  return element('div', {}, bar, figuresOf(reading), ...(about.lacks === undefined ? [] : [element('p', { class: 'lacks remark' }, about.lacks)]));
}

/** A predicted one is of no step that was made. */
export function titleOf({ snapshot: { about } }: Reading): string {
  return about.reason === 'predicted' ? 'A step, as predicted' : `Step ${formatCount(about.step)}`;
}

export function badgeOf({ snapshot: { about: { reason } } }: Reading): HTMLElement {
  return element('vscode-badge', { 'data-reason': reason, title: reasonHelp[reason] }, reasonLabels[reason]);
}

export function setupOf({ snapshot: { about: { model, backend, run } } }: Reading): string {
  return [model, backend, run].filter(Boolean).join(' · ');
}

function figuresOf({ snapshot: { about, buffers, events }, lives, peak }: Reading): HTMLElement {
  const figures = (['Peak', 'Reached', 'Examples', 'Buffers', 'Events', 'Took'] as const).map(label => createFigure(label.toLowerCase(), label));
  const [highest, reached, examples, made, happened, took] = figures;
  const born = buffers.bytes.length;
  highest?.show(peak.total, formatBytes(peak.total), formatExactBytes(peak.total));
  reached?.show(lives.last < 0 ? undefined : peak.time, phaseLabels[peak.phase], `${formatTime(peak.time)} after the step began`);
  examples?.show(about.examples, formatCount(about.examples));
  made?.show(born, formatCount(born), `${formatCount(peak.alive.length)} of them alive at the peak`);
  happened?.show(events.kind.length, formatCount(events.kind.length), 'Buffers that were there, came, changed their category, and went');
  took?.show(about.stepMs, formatTime(about.stepMs ?? 0), about.usualStepMs === undefined ? 'While it was recorded' : `While it was recorded; steps before it took ${formatTime(about.usualStepMs)}`);
  return element('dl', { class: 'key-figures' }, ...figures.slice(0, about.stepMs === undefined ? -1 : undefined).map(figure => figure.element));
}
