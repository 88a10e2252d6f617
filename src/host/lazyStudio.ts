/** The studio, loaded when something first needs it: the window's start pays for none of it. */
import type * as vscode from 'vscode';
import type { Disposable } from './disposable';
import type { Studio } from './studio';

export interface LazyStudio extends Disposable {
  (): Promise<Studio>;
}

export function lazyStudio(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): LazyStudio {
  let studio: Promise<Studio> | undefined;
  const load = (): Promise<Studio> => studio ??= import('./studio').then(({ createStudio }) => createStudio(context, log));
  return Object.assign(load, { dispose: () => { void studio?.then(loaded => loaded.dispose()); } });
}
