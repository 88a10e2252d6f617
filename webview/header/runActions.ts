/** Pause or resume, stop, restart; and for a run that ended too early, the way on. What a run cannot do in its state cannot be pressed. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { formatCount } from '../../src/protocol/format';
import { isOver, type RunStatus } from '../../src/protocol/runState';
import type { Component } from '../component';
import { element, setAttribute, setText } from '../dom';
import type { Post } from '../vscodeApi';

type Action = 'pause' | 'resume' | 'restore' | 'stop' | 'restart';

export function createRunActions(post: Post): Component {
  const toggle = action('pause', post);
  const stop = action('stop', post);
  const restart = action('restart', post);
  return {
    element: element('div', { class: 'actions', role: 'group', 'aria-label': 'Run' }, toggle, stop, restart),
    render: ({ state: { status, checkpoint, finished } }) => {
      const over = isOver(status);
      const restorable = over && status !== 'completed' && checkpoint !== undefined;
      if (restorable) label(toggle, 'restore', 'Resume', `Go on from the checkpoint after step ${formatCount(checkpoint.step)}`);
      else if (status === 'paused') label(toggle, 'resume', 'Resume', 'Resume the run');
      else label(toggle, 'pause', 'Pause', 'Pause the run after the current step');
      toggle.secondary = status !== 'paused' && !restorable;
      toggle.disabled = status !== 'running' && status !== 'paused' && !restorable;
      label(stop, 'stop', status === 'stopping' ? 'Force stop' : 'Stop', stopHelp(status));
      stop.disabled = over;
      label(restart, 'restart', 'Restart', 'Start the same run again, from its first step');
      // Where the backend failed, the banner has the better way on.
      restart.secondary = !over || restorable || finished?.fallback !== undefined;
    },
  };
}

function action(name: Action, post: Post) {
  const button = element('vscode-button', { 'data-action': name, secondary: true });
  // Resume takes the place of pause on the same button: what it does now stands in its attribute.
  button.addEventListener('click', () => post({ type: button.dataset['action'] as Action }));
  return button;
}

function label(button: HTMLElement, name: Action, text: string, help: string): void {
  setAttribute(button, 'data-action', name);
  setAttribute(button, 'aria-label', text);
  setAttribute(button, 'title', help);
  setText(button, text);
}

function stopHelp(status: RunStatus): string {
  return status === 'stopping' ? 'End the process at once' : 'Stop the run after the current step';
}
