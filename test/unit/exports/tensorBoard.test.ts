import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRun, type RecordedRun } from '../../../src/exports/recordedRun';
import { runExport } from '../../../src/exports/runExports';
import { crc32c } from '../../../src/protocol/crc';
import { readBy } from '../../../src/exports/tensorBoard/hparams';
import { masked, tfRecord } from '../../../src/exports/tensorBoard/tfRecord';
import { askTensorBoard } from '../../support/askTensorBoard';
import { decodePng } from '../../support/decodePng';
import { readEventFile } from '../../support/readEventFile';
import { exampleSettings, gathered, writeExample } from '../../support/recordedExample';
import type { Message } from '../../support/readProtobuf';

describe('exports: TensorBoard', () => {
  let folder: string;
  let run: RecordedRun;
  let file: Buffer;
  let name: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-export-'));
    run = await readRun(writeExample(path.join(folder, 'run')));
    const [made] = runExport('tensorboard', run, readBy([run.settings]));
    ({ name } = made!);
    file = await gathered(made!.chunks());
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });
  const valuesOf = (event: Message) => event.has(5) ? event.message(5).messages(1) : [];

  it('checks its bytes as RFC 3720 does, and masks the checks', () => {
    const known: readonly (readonly [Uint8Array, number])[] = [
      [Buffer.from('123456789'), 0xe3069283], [new Uint8Array(32), 0x8a9136aa], [new Uint8Array(32).fill(0xff), 0x62a8ab43],
      [Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e], [Uint8Array.from({ length: 32 }, (_, at) => 31 - at), 0x113fdb5c], [new Uint8Array(0), 0],
    ];
    for (const [bytes, sum] of known) assert.equal(crc32c(bytes), sum);
    assert.equal(masked(0), 0xa282ead8);
    assert.equal(tfRecord(Buffer.from('ab')).length, 18);
  });

  it('begins with its version, and every event has its time and step', () => {
    const events = readEventFile(file);
    assert.equal(events[0]!.text(3), 'brain.Event:2');
    assert.match(path.basename(name), /tfevents/);
    assert.ok(events.every((event, at) => at === 0 || event.number(1) >= events[at - 1]!.number(1)));
    const losses = events.flatMap(event => valuesOf(event).filter(value => value.text(1) === 'train/loss').map(value => [event.number(2), value.number(2), event.number(1)]));
    assert.deepEqual(losses.map(([step]) => step), [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    assert.deepEqual(losses[0]!.slice(1), [0.5, Date.parse('2026-01-05T10:00:00.120Z') / 1000]);
  });

  it('has pictures, changes, alarms and settings', () => {
    const values = readEventFile(file).flatMap(valuesOf);
    const pictures = values.filter(value => value.has(4));
    assert.deepEqual(pictures.map(value => value.text(1)).sort(), ['pictures/breakdown', 'pictures/memory', 'pictures/state']);
    for (const picture of pictures) {
      const { width, height } = decodePng(picture.message(4).bytes(4));
      assert.deepEqual([picture.message(4).number(2), picture.message(4).number(1)], [width, height]);
    }
    const texts = values.filter(value => value.has(9) && value.message(9, 1).text(1) === 'text').map(value => [value.text(1), value.message(8).text(8)] as const);
    assert.deepEqual(texts.map(([tag]) => tag), ['settings', 'changes', 'alarms']);
    assert.match(texts[1]![1], /\| density \| 0\.01 \| 0\.005 \|/);
    assert.match(texts[2]![1], /budget.*memoryBudget is 4/);
  });

  it('is read by TensorBoard itself, HParams tab and all', function () {
    this.timeout(60_000);
    const log = path.join(folder, 'log', name);
    mkdirSync(path.dirname(log), { recursive: true });
    writeFileSync(log, file);
    const answer = askTensorBoard(path.dirname(log));
    if ('missing' in answer) {
      console.log(`      ${answer.missing}`);
      this.skip();
    }
    assert.deepEqual(answer.scalars['train/loss']!.map(([step]) => step), [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    run.points.forEach(({ memory, stepMs }, at) => {
      assert.equal(answer.scalars['memory/peak']![at]![1], Math.fround(memory.peakBytes));
      assert.equal(answer.scalars['peak/optimizerState']![at]![1], Math.fround(memory.bytesAtPeak.optimizerState));
      assert.equal(answer.scalars['time/stepMs']![at]![1], stepMs);
    });
    assert.deepEqual(answer.scalars['validation/accuracy']!.map(([step, value]) => [step, Math.round(value * 100)]), [[10, 90], [20, 95]]);
    assert.deepEqual(Object.keys(answer.images).sort(), ['pictures/breakdown', 'pictures/memory', 'pictures/state']);
    assert.deepEqual(Object.keys(answer.texts).sort(), ['alarms', 'changes', 'settings']);
    const { optimizer, density, batchSize, errorFeedback } = exampleSettings;
    for (const [setting, value] of Object.entries({ optimizer, density, batchSize, errorFeedback })) assert.equal(answer.hparams[setting], value);
    assert.equal('memoryBudget' in answer.hparams, false, 'null is no value');
    assert.ok(answer.metrics.every(metric => metric in answer.scalars), 'every metric of the table is a scalar');
    assert.deepEqual([answer.group, answer.status], [run.record.id, 1]);
  });
});
