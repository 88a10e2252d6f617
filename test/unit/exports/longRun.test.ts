import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeExport } from '../../../src/exports/exportFile';
import type { ExportFormat } from '../../../src/exports/exportFormats';
import { runTrace } from '../../../src/exports/perfetto/runTrace';
import { readRun, type RecordedRun } from '../../../src/exports/recordedRun';
import { runExport } from '../../../src/exports/runExports';
import { pointLimit } from '../../../src/protocol/points';
import { writeLongRun } from '../../support/longRun';
import { gathered } from '../../support/recordedExample';

const [short, long] = [1500, 6000];

describe('exports: a long run', function () {
  this.timeout(60_000);
  let folder: string;
  const runs: RecordedRun[] = [];
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-export-'));
    for (const steps of [short, long]) runs.push(await readRun(writeLongRun(path.join(folder, String(steps)), steps, 2)));
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });
  const contents = async (run: RecordedRun, format: ExportFormat) => Promise.all(runExport(format, run, []).map(async ({ name, chunks }) => ({ name, content: await gathered(chunks()) })));

  it('is held as a bounded number of points, the last of them the last of the run', () => {
    for (const [index, steps] of [short, long].entries()) {
      const { points, validations, state } = runs[index]!;
      assert.ok(points.length <= pointLimit && points.length >= pointLimit / 3, `${points.length} points`);
      assert.ok(validations.length <= pointLimit && validations.length >= pointLimit / 3, `${validations.length} validations`);
      assert.deepEqual([points.at(-1)!.step, validations.at(-1)!.step, state.step], [steps, steps, steps]);
      assert.equal(points.reduce((sum, point) => sum + point.steps, 0), steps, 'every step is in some point');
    }
  });

  it('makes pictures and a page no larger than those of a short one', async () => {
    for (const format of ['svg', 'markdown'] as const) {
      const [small, large] = [await contents(runs[0]!, format), await contents(runs[1]!, format)];
      assert.deepEqual(large.map(({ name }) => name), small.map(({ name }) => name));
      large.forEach(({ name, content }, index) => assert.ok(content.length < 200_000 && content.length < 2.1 * small[index]!.content.length, `${name}: ${small[index]!.content.length} to ${content.length} bytes`));
    }
  });

  it('loses nothing in the formats that machines read, and never has much of a file at a time', async () => {
    const run = runs[1]!;
    const [rows] = await contents(run, 'csv');
    assert.equal(rows!.content.toString().trimEnd().split('\r\n').length, 1 + long);
    const [lines] = await contents(run, 'jsonl');
    assert.ok(lines!.content.equals(readFileSync(path.join(run.directory, 'events.jsonl'))));
    for (const format of ['csv', 'jsonl', 'perfetto', 'trace-json'] as const) {
      for (const file of runExport(format, run, [])) for await (const chunk of file.chunks()) assert.ok(chunk.length < 200_000, `${format}: a chunk of ${chunk.length}`);
    }
  });

  it('has in its trace, at the time of every sample, what the sample says: a counter holds until it changes', async () => {
    const run = runs[0]!;
    const counters = new Map<string, number>();
    let written = 0;
    let checked = 0;
    const items = runTrace(run);
    let next = await items.next();
    for await (const event of run.counted()) {
      for (; next.done !== true && next.value.at <= event.time * 1000; next = await items.next()) {
        if (next.value.kind !== 'counter') continue;
        assert.notEqual(counters.get(next.value.track), next.value.value, `${next.value.track} is written again`);
        counters.set(next.value.track, next.value.value);
        written++;
      }
      if (event.type !== 'sample') continue;
      assert.deepEqual(['train.loss', 'memory.peak', 'peak: workspace', 'time.stepMs', 'peak: parameters'].map(track => counters.get(track)), [event.loss, event.memory.peakBytes, event.memory.bytesAtPeak.workspace, event.stepMs, event.memory.bytesAtPeak.parameters]);
      checked++;
    }
    assert.equal(checked, short);
    assert.ok(written < 20 * short, `${written} values`);
  });

  it('can be broken off within a file, of which nothing is left', async () => {
    const target = path.join(folder, 'out', 'samples.csv');
    const [file] = runExport('csv', runs[1]!, []);
    let heard = 0;
    await assert.rejects(writeExport(target, file!.chunks(), bytes => {
      heard = bytes;
      throw new Error('enough');
    }), /enough/);
    assert.ok(heard > 0);
    assert.deepEqual(readdirSync(path.dirname(target)), []);
    const bytes = await writeExport(target, file!.chunks(), so => { heard = so; });
    assert.deepEqual([heard, readFileSync(target).length], [bytes, bytes]);
  });
});
