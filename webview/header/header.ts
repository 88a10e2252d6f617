/** The bar that stays in view: what runs, how it stands, what can be done with it, how far it is. */
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import type { UsedBackend } from '../../src/protocol/backends';
import type { Component } from '../component';
import { element, setAttribute, setText } from '../dom';
import { optimizerLabels } from '../labels';
import type { View } from '../store';
import type { Post } from '../vscodeApi';
import { createProgressBar } from './progressBar';
import { createRunActions } from './runActions';

export function createHeader(post: Post): Component {
  const name = element('h1');
  const badge = element('vscode-badge', { 'data-status': 'starting' }, 'starting');
  const backend = element('span', { class: 'backend' });
  const setup = element('span');
  const reveal = element('button', { class: 'quiet', type: 'button', 'data-action': 'reveal' }, 'Run directory');
  reveal.addEventListener('click', () => post({ type: 'revealDirectory' }));
  const actions = createRunActions(post);
  const progressBar = createProgressBar();
  const title = element('div', { class: 'title' }, name, badge, element('p', { class: 'setup' }, backend, setup, reveal));
  return {
    element: element('header', { class: 'bar' }, element('div', { class: 'bar-row' }, title, actions.element), progressBar.element),
    render: view => {
      const { run, state } = view;
      setText(name, run.name);
      setAttribute(badge, 'data-status', state.status);
      setText(badge, state.status);
      setText(backend, state.started?.backend.name ?? state.settings.backend);
      setAttribute(backend, 'title', state.started && aboutBackend(state.started.backend));
      setText(setup, state.preparing === undefined ? setupOf(view) : ` · ${state.preparing} …`);
      setAttribute(reveal, 'title', run.directory);
      actions.render(view);
      progressBar.render(view);
    },
  };
}

function aboutBackend({ name, version, device, reason }: UsedBackend): string {
  return `${name} ${version}${device === undefined ? '' : ` on ${device}`}: ${reason}`;
}

function setupOf({ state: { settings } }: View): string {
  return ['', optimizerLabels[settings.optimizer], settings.model, settings.data].join(' · ');
}
