/** Alarms where the user meets them while the panel is out of sight: the notification with its buttons, the status bar, and what the run does. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StatusBar } from '../../src/host/statusBar';
import { endAllRuns, eventually, launch, runs, temporaryFiles, until } from './studio';

interface Notice {
  readonly kind: 'error' | 'warning';
  readonly message: string;
  readonly buttons: readonly string[];
}

/** Collects notifications; `press` says which button is pressed on the next ones. */
function collectNotices(): { readonly notices: Notice[]; press: string | undefined } {
  const collected: { readonly notices: Notice[]; press: string | undefined } = { notices: [], press: undefined };
  const { window } = vscode;
  const { showErrorMessage, showWarningMessage } = window;
  const show = (kind: Notice['kind']) => (message: string, ...buttons: string[]) => {
    collected.notices.push({ kind, message, buttons });
    return Promise.resolve(collected.press);
  };
  beforeEach(() => {
    collected.notices.length = 0;
    collected.press = undefined;
    Object.assign(window, { showErrorMessage: show('error'), showWarningMessage: show('warning') });
  });
  afterEach(() => { Object.assign(window, { showErrorMessage, showWarningMessage }); });
  return collected;
}

/** A status bar of the runs of this window, whose item the test can read. */
async function statusBar(): Promise<{ readonly item: vscode.StatusBarItem; dispose(): void }> {
  const { window } = vscode;
  const { createStatusBarItem } = window;
  const made: vscode.StatusBarItem[] = [];
  Object.assign(window, { createStatusBarItem: (...given: [string, vscode.StatusBarAlignment]) => {
    const item = createStatusBarItem(...given);
    made.push(item);
    return item;
  } });
  try {
    const bar = new StatusBar(await runs());
    return { item: made[0]!, dispose: () => { bar.dispose(); } };
  } finally {
    Object.assign(window, { createStatusBarItem });
  }
}

describe('window: alarms', function () {
  this.timeout(90_000);
  const collected = collectNotices();
  const write = temporaryFiles();
  let bar: Awaited<ReturnType<typeof statusBar>>;
  beforeEach(async () => { bar = await statusBar(); });
  afterEach(endAllRuns);
  afterEach(() => {
    bar.dispose();
    return vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  /** Each under a name of its own: what the editor has of a file that it showed may be older than the file. */
  let files = 0;
  const file = (more: object) => write(`alarming-${++files}.efcp.json`, JSON.stringify({ preset: 'digits-mlp', name: 'Alarming', backend: 'wasm', optimizer: 'sgd', batchSize: 1000, validationFraction: 0.02, epochs: 200, ...more }));
  const color = () => bar.item.backgroundColor?.id;
  const noticed = () => eventually(() => collected.notices[0]);

  it('of a budget have the run wait, say so with what is known to fit, and apply that with one button', async () => {
    collected.press = 'Apply Fix';
    const run = await launch({ file: file({ memoryBudget: 7 }) });
    const seen: string[] = [];
    const watching = run.onDidChange(() => seen.push(`${run.state.status} ${bar.item.text} ${String(color())}`));
    const { kind, message, buttons } = await noticed();
    assert.equal(kind, 'warning');
    assert.match(message, /^Alarming is beyond its memory budget\. It waits\. The step held .* MB, as estimated\.$/);
    assert.deepEqual(buttons, ['Apply Fix', 'Resume', 'Stop', 'Show Panel', 'Mute']);
    await until(run, ({ step, status }) => status === 'running' && step > 3);
    watching.dispose();
    assert.ok(seen.some(each => /^paused \$\(debug-pause\) step 1 · \S+ MiB statusBarItem\.warningBackground$/.test(each)), seen.join('\n'));
    const { proposal, alarms, changes, latest } = run.state;
    assert.deepEqual(alarms.map(({ kind: which, action }) => [which, action]), [['budget', 'paused']]);
    assert.deepEqual(changes.map(({ to }) => to), [proposal!.fix.settings]);
    assert.equal(latest!.memory.peakBytes, proposal!.fix.peakBytes, 'what was estimated is what is measured');
    assert.match(bar.item.text, /^\$\(pulse\) step \d+ · /);
    assert.equal(color(), undefined, 'it is within its budget again');
  });

  it('of a number that is not finite show in red, and the run waits until somebody stops it', async () => {
    collected.press = 'Stop';
    const run = await launch({ file: file({ learningRate: 100, weightDecay: 1, epochs: 5 }) });
    const { kind, message, buttons } = await noticed();
    assert.equal(kind, 'error');
    assert.match(message, /^Alarming met a number that is not finite\. It waits\. loss is (NaN|Infinity|-Infinity)/);
    assert.deepEqual(buttons, ['Apply Fix', 'Resume', 'Stop', 'Show Panel', 'Mute']);
    await run.ended();
    assert.equal(run.state.status, 'stopped');
    assert.match(bar.item.text, /^\$\(debug-stop\) step \d+ · /);
    assert.equal(color(), 'statusBarItem.errorBackground');
    assert.deepEqual(collected.notices.length, 1);
  });

  it('stop the run where that is what the settings say, with one notice of it and no button to resume', async () => {
    const run = await launch({ file: file({ memoryBudget: 7, onAlarm: 'stop' }) });
    await run.ended();
    const { message, buttons } = await noticed();
    assert.match(message, /is beyond its memory budget\. It has stopped\./);
    assert.deepEqual(buttons, ['Apply Fix', 'Show Panel', 'Mute']);
    assert.deepEqual([run.state.status, run.state.step, collected.notices.length], ['failed', 1, 1]);
    assert.match(bar.item.text, /^\$\(error\) step 1 · /);
  });

  it('are noted once and the run goes on, where that is what the settings say; muted, nothing is shown', async () => {
    const setting = vscode.workspace.getConfiguration('efcp');
    const noted = await launch({ file: file({ memoryBudget: 7, onAlarm: 'note' }) });
    const { message, buttons } = await noticed();
    assert.match(message, /It goes on\./);
    assert.deepEqual(buttons, ['Apply Fix', 'Show Panel', 'Mute']);
    await until(noted, ({ step }) => step > 5);
    assert.equal(color(), 'statusBarItem.warningBackground');
    await endAllRuns();
    await setting.update('alarms.notify', false, vscode.ConfigurationTarget.Global);
    try {
      const muted = await launch({ file: file({ memoryBudget: 7 }) });
      await until(muted, ({ status }) => status === 'paused');
      await eventually(() => muted.state.proposal);
      assert.equal(collected.notices.length, 1);
    } finally {
      await setting.update('alarms.notify', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
