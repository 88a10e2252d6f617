import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseExportMessage } from '../../../src/exports/exportMessages';
import { encodeSnapshot } from '../../../src/protocol/snapshot/encodeSnapshot';
import { decodePng } from '../../support/decodePng';
import { networkSnapshot } from '../../support/networkSnapshot';
import { readEventFile } from '../../support/readEventFile';
import { exampleRecord, writeExample } from '../../support/recordedExample';
import { runCli } from '../../support/runCli';

describe('cli: export', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-export-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
  const run = (...args: readonly string[]) => runCli(['export', ...args], folder);

  it('turns a real run into everything there is, which says the same', async () => {
    const trained = await runCli(['train', 'digits-mlp', '--epochs', '1', '--backend', 'wasm', '--set', 'validationFraction=0.5', '--run-dir', 'run'], folder);
    assert.equal(trained.code, 0, trained.stderr);
    const { code, stdout, stderr } = await run('run', '--to', 'all', '--json');
    assert.equal(code, 0, stderr);
    const messages = stdout.trim().split('\n').map(line => parseExportMessage(line)!);
    const last = messages.at(-1)!;
    const files = messages.flatMap(message => message.type === 'file' ? [message] : []);
    assert.ok(last.type === 'finished' && last.files === files.length);
    for (const { path: file, bytes } of files) assert.equal(readFileSync(file).length, bytes);
    const out = path.join(folder, 'run', 'exports');
    const text = (file: string) => readFileSync(path.join(out, file), 'utf8');
    assert.equal(text('events.jsonl'), readFileSync(path.join(folder, 'run', 'events.jsonl'), 'utf8'));
    const samples = text('events.jsonl').trim().split('\n').map(line => JSON.parse(line) as { type: string; loss: number; memory: { peakBytes: number } }).filter(({ type }) => type === 'sample');
    const rows = text('samples.csv').trim().split('\r\n').map(line => line.split(','));
    const column = (name: string) => rows.slice(1).map(row => Number(row[rows[0]!.indexOf(name)]));
    assert.deepEqual(column('train.loss'), samples.map(({ loss }) => loss));
    assert.deepEqual(column('memory.peak'), samples.map(({ memory }) => memory.peakBytes));
    const log = files.find(({ format }) => format === 'tensorboard')!.path;
    const scalars = readEventFile(readFileSync(log)).flatMap(event => event.has(5) ? event.message(5).messages(1).filter(value => value.text(1) === 'train/loss').map(value => value.number(2)) : []);
    assert.deepEqual(scalars, samples.map(({ loss }) => Math.fround(loss)));
    const { traceEvents } = JSON.parse(text('trace.json')) as { traceEvents: { name: string; ph: string }[] };
    assert.equal(traceEvents.filter(({ name, ph }) => name === 'train.loss' && ph === 'C').length, samples.length);
    const charts = readdirSync(path.join(out, 'charts'));
    for (const name of ['loss', 'memory', 'accuracy', 'breakdown', 'stepTime']) assert.ok(charts.includes(`${name}.svg`) && charts.includes(`${name}.png`), name);
    assert.equal(decodePng(readFileSync(path.join(out, 'charts', 'loss.png'))).width, 1960);
    const linked = [...text('report.md').matchAll(/\]\((charts\/[^)]+)\)/g)].map(([, file]) => file!);
    assert.ok(linked.length > 5 && linked.every(file => existsSync(path.join(out, file))));
  });

  it('never writes over what is there, unless it is told to', async () => {
    writeExample(path.join(folder, 'run'));
    const target = path.join(folder, 'samples.csv');
    writeFileSync(target, 'mine');
    const refused = await run('run', '--to', 'csv', '--out', target);
    assert.deepEqual([refused.code, readFileSync(target, 'utf8')], [2, 'mine']);
    assert.match(refused.stderr, /samples\.csv is there already\. Choose another place with --out, or replace what is there with --force\./);
    assert.equal((await run('run', '--to', 'csv', '--out', target, '--force')).code, 0);
    assert.match(readFileSync(target, 'utf8'), /^step,steps,time/);
    assert.deepEqual(readdirSync(folder).sort(), ['run', 'samples.csv']);
  });

  it('puts several runs into one log folder, and tells both of the same experiment', async () => {
    for (const id of ['one', 'two']) writeExample(path.join(folder, id), undefined, { ...exampleRecord, id });
    const { code, stderr } = await run('one', 'two', '--to', 'tensorboard', '--out', 'logs');
    assert.equal(code, 0, stderr);
    const experiments = ['one', 'two'].map(id => {
      const [file] = readdirSync(path.join(folder, 'logs', id));
      const values = readEventFile(readFileSync(path.join(folder, 'logs', id, file!)))[1]!.message(5).messages(1);
      return values.find(value => value.text(1) === '_hparams_/experiment')!.message(9, 1).bytes(2).toString('hex');
    });
    assert.equal(experiments[0], experiments[1]);
    const again = await run('one', 'one', '--to', 'tensorboard', '--out', 'others');
    assert.match(again.stderr, /has the id one, as another run given before it has/);
    assert.match((await run('one', 'two', '--to', 'csv')).stderr, /2 runs are given, which only tensorboard puts in one place/);
  });

  it('of a step snapshot, names its files after it', async () => {
    writeFileSync(path.join(folder, 'step-00000012.efcpsnap'), encodeSnapshot(networkSnapshot({ layers: 3 })));
    const { code, stdout, stderr } = await run('step-00000012.efcpsnap', '--to', 'heapprofile,perfetto');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /step-00000012-peak\.heapprofile .*\n.*step-00000012-trace\.pftrace/);
    const profile = JSON.parse(readFileSync(path.join(folder, 'step-00000012-peak.heapprofile'), 'utf8')) as { head: { children: unknown[] } };
    assert.ok(profile.head.children.length > 2);
    const one = await run('step-00000012.efcpsnap', '--to', 'svg', '--chart', 'live', '--out', 'live.svg');
    assert.equal(one.code, 0, one.stderr);
    assert.match(readFileSync(path.join(folder, 'live.svg'), 'utf8'), /^<svg .*Live bytes over a step/s);
  });

  it('exports what there is of a run that is damaged or has not begun', async () => {
    const directory = writeExample(path.join(folder, 'run'), ['{"torn']);
    const { code, stderr } = await run(directory, '--to', 'all');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /what line 1 held is left out/);
    assert.match(stderr, /recorded no step/);
    assert.match(readFileSync(path.join(directory, 'exports', 'report.md'), 'utf8'), /It had not ended when this page was written/);
    assert.deepEqual(readdirSync(path.join(directory, 'exports')).sort(), ['events.jsonl', 'report.md', 'samples.csv', 'tensorboard', 'trace.json', 'trace.pftrace']);
  });

  it('says what is wrong with a command, and what to write instead', async () => {
    writeExample(path.join(folder, 'run'));
    mkdirSync(path.join(folder, 'empty'));
    writeFileSync(path.join(folder, 'no.efcpsnap'), 'no snapshot');
    const cases: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
      [[], 2, /Say what to export: a folder that holds run\.json/],
      [['run'], 2, /Say into what with --to: tensorboard, csv, .* or all/],
      [['run', '--to', 'excel'], 2, /--to is "excel", but a run becomes tensorboard, csv, .* or all\. Write one of these\./],
      [['no.efcpsnap', '--to', 'csv'], 2, /--to is "csv", but a snapshot becomes perfetto, .*\./],
      [['no.efcpsnap', '--to', 'svg'], 2, /no\.efcpsnap: This step snapshot is none/],
      [['run', '--to', 'csv', '--chart', 'loss'], 2, /--chart is "loss", but only svg and png are of charts/],
      [['run', '--to', 'svg', '--chart', 'los'], 2, /--chart is "los", but the charts are memory, breakdown, .*\. Name one of these\./],
      [['empty', '--to', 'csv'], 2, /is not a run directory/],
      [['run', '--to', 'csv', '--yes'], 2, /--yes/],
    ];
    for (const [args, code, message] of cases) {
      const result = await run(...args);
      assert.match(result.stderr, message);
      assert.equal(result.code, code, args.join(' '));
    }
  });
});
