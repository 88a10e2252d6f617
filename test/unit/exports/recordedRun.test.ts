import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { csvColumns, csvRows } from '../../../src/exports/csv';
import { readRun } from '../../../src/exports/recordedRun';
import type { RunEvent, SampleEvent } from '../../../src/protocol/runEvents';
import { exampleEvents, gathered, writeExample } from '../../support/recordedExample';

describe('exports: a recorded run', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-export-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  const countedIn = async (directory: string) => {
    const events: RunEvent[] = [];
    for await (const event of (await readRun(directory)).counted()) events.push(event);
    return events;
  };
  const samples = (events: readonly RunEvent[]) => events.filter((event): event is SampleEvent => event.type === 'sample');

  it('is what the panel shows of it: steps and changes that were taken back do not count', async () => {
    const run = await readRun(writeExample(folder));
    assert.deepEqual([run.state.status, run.state.step, run.state.changes.length, run.points.length, run.validations.length], ['completed', 20, 1, 10, 2]);
    const events = await countedIn(folder);
    assert.deepEqual(samples(events).map(({ step }) => step), [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    assert.ok(samples(events).every(({ loss }) => loss < 1));
    assert.deepEqual(events.flatMap(event => event.type === 'applied' ? [event.revision] : []), [1]);
    assert.equal(run.secondsAt(500), Date.parse('2026-01-05T10:00:00.500Z') / 1000);
  });

  it('has the lines as they were recorded', async () => {
    const recorded = exampleEvents().map(event => JSON.stringify(event));
    const run = await readRun(writeExample(folder, recorded));
    assert.equal((await gathered(run.lines())).toString(), `${recorded.join('\n')}\n`);
  });

  it('that is damaged, torn or not yet begun is read as far as it goes', async () => {
    const [first = '', second = '', third = '', ...rest] = exampleEvents().map(event => JSON.stringify(event));
    const run = await readRun(writeExample(folder, [first, '{"type":"sample","step":', second, '', third, '{"type":"unknown"}', rest[0]!.slice(0, 40)]));
    assert.deepEqual([run.damagedLines, run.events, run.points.length, run.state.status], [[2, 6, 7], 3, 1, 'running']);
    rmSync(folder, { recursive: true });
    const empty = await readRun(writeExample(folder, []));
    assert.deepEqual([empty.events, empty.points.length, empty.state.status], [0, 0, 'starting']);
    assert.deepEqual(await countedIn(folder), []);
  });

  it('becomes a table that any reader of CSV reads', async () => {
    const run = await readRun(writeExample(folder));
    const text = (await gathered(csvRows(run))).toString();
    assert.ok(text.endsWith('\r\n') && !/[^\r]\n/.test(text));
    const [head, ...rows] = parseCsv(text);
    assert.deepEqual(head, [...csvColumns]);
    assert.equal(new Set(head).size, head.length);
    const at = (row: readonly string[], column: string) => row[csvColumns.indexOf(column)];
    assert.deepEqual(rows.map(row => at(row, 'step')), ['2', '4', '6', '8', '10', '12', '14', '16', '18', '20']);
    assert.ok(rows.every(row => row.length === head.length));
    const recorded = samples(await countedIn(folder));
    rows.forEach((row, index) => {
      const { loss, memory, diagnostics, time } = recorded[index]!;
      assert.deepEqual(['train.loss', 'memory.peak', 'peak.activations', 'stored.workspace', 'state.residual', 'held.process', 'diagnostics.gradientNorm', 'time'].map(column => Number(at(row, column))),
        [loss, memory.peakBytes, memory.bytesAtPeak.activations, memory.storedPeak!.workspace, memory.stateBytes.residual, memory.held.process, diagnostics!.gradientNorm, time]);
      assert.equal(at(row, 'held.gpuProcess'), '', 'what nobody measured is absent');
    });
    assert.deepEqual(rows.map(row => at(row, 'validation.loss')), ['', '', '', '', '0.25', '', '', '', '', '0.2']);
    assert.equal(at(rows[4]!, 'validation.step'), '10');
    assert.equal(at(rows[0]!, 'date'), '2026-01-05T10:00:00.120Z');
  });
});

/** RFC 4180, character by character. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let [field, quoted] = ['', false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') field += text[++at]!;
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',' || character === '\r') {
      rows.at(-1)!.push(field);
      field = '';
    } else if (character === '\n') rows.push([]);
    else field += character;
  }
  rows.pop();
  return rows;
}
