/** What tests inside the extension host use of the extension and of the editor. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { StudioApi } from '../../src/extension';
import type { Run } from '../../src/host/run';
import type { RunState } from '../../src/protocol/runState';

export const extension = vscode.extensions.getExtension<StudioApi>('efcp-studio.efcp-studio')!;

export async function runs(): Promise<Awaited<ReturnType<StudioApi['runs']>>> {
  return (await extension.activate()).runs();
}

/** Launches as a keybinding does, and gives the run; it is stopped after the test. */
export async function launch(argument: object): Promise<Run> {
  const directory = await vscode.commands.executeCommand<string | undefined>('efcp.launch', argument);
  assert.ok(directory !== undefined, 'nothing was launched');
  return (await runs()).open(directory);
}

export async function endAllRuns(): Promise<void> {
  const { current } = await runs();
  if (current === undefined) return;
  current.stop();
  await current.ended();
}

/** Settles as soon as the state is as wanted; fails at once when the run is over before. */
export function until(run: Run, isThere: (state: RunState) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = () => {
      const { state } = run;
      const isOver = state.finished !== undefined;
      if (!isThere(state) && !isOver) return;
      waiting.dispose();
      if (isThere(state)) resolve();
      else reject(new Error(`The run is over: ${state.status}. ${state.message ?? ''}`));
    };
    const waiting = run.onDidChange(check);
    check();
  });
}

/** Asks again until there is an answer; a test that asks in vain runs into its time limit. */
export async function eventually<Value>(ask: () => Value | undefined): Promise<Value> {
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** As if the workspace were not trusted, while `act` goes on. */
export async function inRestrictedMode(act: () => Promise<void>): Promise<void> {
  const trust = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted')!;
  Object.defineProperty(vscode.workspace, 'isTrusted', { ...trust, get: () => false });
  try {
    await act();
  } finally {
    Object.defineProperty(vscode.workspace, 'isTrusted', trust);
  }
}

/** Collects what the editor would show as error notifications during a test. */
export function collectErrors(): string[] {
  const errors: string[] = [];
  const { window } = vscode;
  const { showErrorMessage } = window;
  beforeEach(() => {
    errors.length = 0;
    Object.assign(window, { showErrorMessage: (message: string) => { errors.push(message); return Promise.resolve(undefined); } });
  });
  afterEach(() => { Object.assign(window, { showErrorMessage }); });
  return errors;
}

/** Writes files into a folder of their own that goes after the test. */
export function temporaryFiles(): (name: string, content: string) => vscode.Uri {
  let folder = '';
  beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'efcp-files-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return (name, content) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return vscode.Uri.file(file);
  };
}
