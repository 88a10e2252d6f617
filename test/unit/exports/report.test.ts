import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRun } from '../../../src/exports/recordedRun';
import { reportPage } from '../../../src/exports/report/reportPage';
import { formatBytes, formatRelativeChange } from '../../../src/protocol/format';
import { encodeSnapshot } from '../../../src/protocol/snapshot/encodeSnapshot';
import type { RunEvent } from '../../../src/protocol/runEvents';
import { networkSnapshot } from '../../support/networkSnapshot';
import { exampleEvents, exampleRecord, exampleSettings, writeExample } from '../../support/recordedExample';

describe('exports: the report of a run', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-export-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
  const titled = (...names: readonly string[]) => new Map(names.map(name => [name, { title: `the chart [${name}]` }]));
  const lines = (events: readonly RunEvent[]) => events.map(event => JSON.stringify(event));

  it('says what was trained, what it took, what was changed, and how to do it again', async () => {
    const run = await readRun(writeExample(folder));
    const page = reportPage(run, titled('loss', 'memory', 'updateCosine'));
    for (const heading of ['# example', '## Results', '## Settings', '## Memory at the peak', '## Predicted and measured', '## Changes during the run', '## Alarms', '## Train it again']) assert.ok(page.includes(`${heading}\n`), heading);
    assert.match(page, /20 steps in 0\.5 s: completed\./);
    assert.match(page, /\| Validation accuracy \| 95\.0 % \|/);
    const untilChange = exampleEvents().flatMap(event => event.type === 'sample' && event.step <= 10 ? [event.memory.peakBytes] : []);
    assert.ok(page.includes(`| Peak | ${formatBytes(5_000_000)} | ${formatBytes(Math.max(...untilChange))} | ${formatRelativeChange(5_000_000 / Math.max(...untilChange) - 1)} |`), 'the error of the predicted peak');
    assert.match(page, /beside what was measured up to step 10, after which the first setting was changed\.\n/);
    assert.match(page, /\| 10 \| density 0\.01 \u2192 0\.005 \| peak \u2212500 B \| state \u2212500 B, (peak [+\u2212]|same peak)[^|]*, same step time \|/);
    assert.match(page, /\| 20 \| budget \| The peak is 5 MB.*\| recompute per block \| noted \|/);
    assert.match(page, /measured by us/);
    assert.doesNotMatch(page, /undefined|NaN|\[object/);
    assert.deepEqual([...page.matchAll(/!\[the chart \\\[\w+\\\]\]\(charts\/(\w+)\.svg\)/g)].map(([, name]) => name), ['loss', 'memory', 'updateCosine']);
    for (const table of page.split('\n\n').filter(part => part.startsWith('|'))) assert.equal(new Set(table.split('\n').map(line => line.replaceAll('\\|', '').split('|').length)).size, 1, table);
  });

  it('repeats the command with what the preset does not say, quoted where a shell needs it', async () => {
    const settings = { ...exampleSettings, model: 'mlp', data: 'digits', shift: 1, epochs: 3, groups: [{ match: 'bias$', weightDecay: 0 }] };
    const page = reportPage(await readRun(writeExample(folder, [], { ...exampleRecord, settings })), titled());
    const command = /efcp train [^\n]+/.exec(page)![0];
    assert.ok(command.includes('--set epochs=3') && command.includes('--set \'groups=[{"match":"bias$","weightDecay":0}]\''), command);
    assert.ok(!command.includes('shift'), 'the preset says so already');
  });

  it('names the largest buffers of recorded steps, and a step that cannot be read', async () => {
    const at = exampleEvents().findIndex(event => event.type === 'finished' && event.reason === 'completed');
    const events = exampleEvents();
    const snapshot = (file: string): RunEvent => ({ type: 'snapshot', sequence: 90, time: 465, step: 12, file, bytes: 10, events: 20, peakBytes: 1_000_000, reason: 'peak' });
    events.splice(at, 0, snapshot('step-00000012.efcpsnap'), snapshot('step-00000013.efcpsnap'), snapshot('step-00000014.efcpsnap'));
    writeExample(folder, lines(events));
    mkdirSync(path.join(folder, 'snapshots'));
    writeFileSync(path.join(folder, 'snapshots', 'step-00000012.efcpsnap'), encodeSnapshot(networkSnapshot()));
    writeFileSync(path.join(folder, 'snapshots', 'step-00000013.efcpsnap'), 'nothing of the kind');
    const page = reportPage(await readRun(folder), titled());
    assert.match(page, /\| 6\.25 MiB \| 5\.6 % \| Activations \| block1\/unit1\/conv1 \| Conv2D \| float32 100x32x32x16 \| model\.ts:10 \|/);
    assert.match(page, /step-00000013\.efcpsnap.*\n\n.*step snapshot is none/);
    assert.match(page, /step-00000014\.efcpsnap.*\n\nThe file is gone\./);
  });
});
