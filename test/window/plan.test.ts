/** Memory is planned by command: for a file, for a run that goes on, and taken back on the way. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { formatMegabyteChange } from '../../src/protocol/format';
import type { PlanPoint } from '../../src/protocol/plan';
import { isLive, type KnobName } from '../../src/settings/knobs';
import { collectErrors, endAllRuns, launch, runs, temporaryFiles, until } from './studio';

type Item = vscode.QuickPickItem & { readonly point?: PlanPoint; readonly counted?: string };

/** Who answers what the command asks. */
interface Answers {
  readonly budget?: string;
  /** By what the point changes, and by what it is said to save. */
  readonly choose?: (point: PlanPoint, description: string) => boolean;
  /** What the user presses where a new run is needed. */
  readonly press?: string;
}

describe('window: a plan', function () {
  this.timeout(60_000);
  const write = temporaryFiles();
  const errors = collectErrors();
  const { window } = vscode;
  const original = { showInputBox: window.showInputBox, showQuickPick: window.showQuickPick, showWarningMessage: window.showWarningMessage, withProgress: window.withProgress };
  afterEach(async () => {
    Object.assign(window, original);
    await endAllRuns();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(errors, []);
  });

  /** Plans with these answers; what was asked comes back with what was applied. */
  async function plan(argument: unknown, { budget = '', choose, press }: Answers) {
    const asked = { title: '', placeHolder: '', items: [] as readonly Item[], warning: '', refusals: [] as unknown[] };
    Object.assign(window, {
      showInputBox: (options: vscode.InputBoxOptions) => {
        asked.title = options.title ?? '';
        asked.refusals = ['much', '0', '20', ''].map(typed => options.validateInput?.(typed));
        return Promise.resolve(budget);
      },
      showQuickPick: (items: readonly Item[], options: vscode.QuickPickOptions) => {
        if (items.some(({ counted }) => counted !== undefined)) return Promise.resolve(items[0]);
        Object.assign(asked, { items, placeHolder: options.placeHolder });
        return Promise.resolve(items.find(({ point, description = '' }) => point !== undefined && choose?.(point, description)));
      },
      showWarningMessage: (message: string) => {
        asked.warning = message;
        return Promise.resolve(press);
      },
    });
    const applied = await vscode.commands.executeCommand<string | undefined>('efcp.plan', argument);
    return { ...asked, applied };
  }

  const fixedIn = ({ changes }: PlanPoint) => (Object.keys(changes) as KnobName[]).filter(name => !isLive(name));
  /** None that saves time alone, as a step of the moment's noise may seem to. */
  const savesBytes = (description: string) => description.startsWith('−');

  it('is written into the file that it is of, with its comments kept', async () => {
    const text = '{\n  // the digits\n  "preset": "digits-mlp",\n  "memory": {\n    // small ones\n    "microbatch": 64\n  }\n}\n';
    const file = write('plan.efcp.json', text);
    const { document } = await window.showTextDocument(file);
    const { title, refusals, items, applied } = await plan(file, { choose: (_, description) => savesBytes(description) });
    assert.equal(title, 'Plan Memory of plan.efcp.json');
    assert.match(String(refusals[0]), /The budget is .*much.*, but must be a number of MB above 0/);
    assert.match(String(refusals[1]), /must be a number of MB above 0/);
    assert.deepEqual(refusals.slice(2), [undefined, undefined]);
    assert.ok(items.some(({ label, description, detail }) => /\d MB$/.test(label) && /−[\d.]+ MB/.test(description ?? '') && detail === applied));
    assert.match(document.getText(), /\/\/ the digits[\s\S]*\/\/ small ones/);
    assert.notEqual(document.getText(), text);
  });

  it('changes nothing where nothing is chosen, and says where nothing fits', async () => {
    const file = write('tight.efcp.json', '{"preset": "digits-mlp"}');
    const { document } = await window.showTextDocument(file);
    const { placeHolder, applied } = await plan(file, { budget: '0.001' });
    assert.match(placeHolder, /^Nothing fits 0\.001 MB\. Choose what to apply\./);
    assert.equal(applied, undefined);
    assert.equal(document.isDirty, false);
  });

  it('is refused for a file with problems', async () => {
    const file = write('bad.efcp.json', '{"density": 7}');
    await window.showTextDocument(file);
    assert.equal((await plan(file, {})).applied, undefined);
    assert.match(errors.splice(0).join('\n'), /^bad\.efcp\.json has problems, which are marked in it\. Correct them/);
  });

  it('changes the run whose panel is open, as it said it would, and asks first where that needs another run', async () => {
    const run = await launch({ file: write('adam.efcp.json', '{"preset": "digits-mlp", "optimizer": "adamw", "epochs": 200}') });
    await until(run, ({ latest }) => latest !== undefined);
    const kept = await plan(undefined, { choose: (point, description) => savesBytes(description) && fixedIn(point).length > 0 });
    assert.equal(kept.title, `Plan Memory of ${run.record.name}`);
    assert.match(kept.warning, /^The .* of a run cannot change while it goes on\. This ends it and starts a new run with .*\.$/);
    assert.deepEqual([run.state.pending, run.state.changes, (await runs()).current], [[], [], run]);

    let chosen: PlanPoint | undefined;
    let said = '';
    const { applied, warning } = await plan(undefined, { choose: (point, description) => {
      if (!savesBytes(description) || fixedIn(point).length > 0) return false;
      [chosen, said] = [point, description];
      return true;
    } });
    assert.equal(applied, chosen?.words);
    assert.equal(warning, '');
    await until(run, ({ changes }) => changes.length === 1);
    const [change] = run.state.changes;
    assert.deepEqual(change!.to, chosen!.changes);
    assert.equal(formatMegabyteChange(change!.forecast!.peakBytes!), said.split(' · ')[0]);
  });

  it('is taken back without a word, and the next one is made', async () => {
    const file = write('again.efcp.json', '{"preset": "digits-mlp"}');
    await window.showTextDocument(file);
    let title = '';
    Object.assign(window, {
      withProgress: (options: vscode.ProgressOptions, task: (progress: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken) => Thenable<unknown>) => {
        title = options.title ?? '';
        assert.equal(options.cancellable, true);
        const cancelling = new vscode.CancellationTokenSource();
        return task({ report: () => cancelling.cancel() }, cancelling.token);
      },
    });
    const { items, applied } = await plan(file, { choose: (_, description) => savesBytes(description) });
    assert.deepEqual([title, items, applied], ['Planning memory of again.efcp.json', [], undefined]);
    Object.assign(window, { withProgress: original.withProgress });
    assert.ok((await plan(file, {})).items.length > 0);
  });
});
