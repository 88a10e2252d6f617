/** Has the next step of a run recorded, and waits for it: a paused run makes it when it is resumed. */
import path from 'node:path';
import * as vscode from 'vscode';
import { isOver } from '../protocol/runState';
import { snapshotsFolder } from '../protocol/snapshotFiles';
import type { Run } from './run';

/** The file; undefined where waiting was cancelled, which does not take the wish back. */
export async function takeSnapshot(run: Run): Promise<string | undefined> {
  const title = run.state.status === 'paused' ? `${run.record.name} is paused: the first step after it is resumed is recorded` : `Recording a step of ${run.record.name}`;
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, cancelled) => recorded(run, cancelled));
}

function recorded(run: Run, cancelled: vscode.CancellationToken): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const subscriptions: { dispose(): void }[] = [];
    const settle = (end: () => void) => {
      for (const subscription of subscriptions) subscription.dispose();
      end();
    };
    subscriptions.push(
      run.onDidChange(event => {
        if (event?.type === 'snapshot' && event.reason === 'asked') settle(() => resolve(path.join(snapshotsFolder(run.directory), event.file)));
        else if (event?.type === 'notSaved' && event.what === 'snapshot') settle(() => reject(new Error(event.message)));
        else if (isOver(run.state.status)) settle(() => reject(new Error(`The run ${run.record.name} ended before another step was recorded.`)));
      }),
      cancelled.onCancellationRequested(() => settle(() => resolve(undefined))),
    );
    try {
      run.capture();
    } catch (error) {
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    }
  });
}
