/** `efcp export`: runs and step snapshots in the formats of other tools. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { exportFormats, formatsOf, formatWords, type ExportFormat } from '../exports/exportFormats';
import { writeExport, type ExportFile } from '../exports/exportFile';
import { progressWords, type ExportMessage } from '../exports/exportMessages';
import { readSnapshot } from '../exports/readSnapshot';
import { readRun, type RecordedRun } from '../exports/recordedRun';
import { runExport, snapshotExport } from '../exports/runExports';
import { readBy } from '../exports/tensorBoard/hparams';
import { formatBytes, formatNumbers } from '../protocol/format';
import { snapshotExtension as ending } from '../protocol/snapshotFiles';
import { parseCommandLine, type Command } from './command';
import { interruptedCode, interruption } from './interruption';
import { progressLine } from './progressLine';
import { formatTable } from './table';
import { UsageError } from './usageError';

export const exportCommand: Command = {
  summary: 'turn runs and step snapshots into files for other tools',
  help: `efcp export RUNDIR|FILE${ending} --to FORMAT[,FORMAT…]|all [--out PATH] [--chart NAME] [--force] [--json]
efcp export RUNDIR RUNDIR … --to tensorboard --out LOGDIR

Writes what a run recorded, or one recorded step, in the formats of other tools. A run that goes on, was interrupted or is damaged
in places is exported as far as it goes.

${formatTable(exportFormats.map(format => [format, `${formatWords[format].about}; of a ${formatWords[format].of.join(' or a snapshot')}`]))}
  ${'all'.padEnd(Math.max(...exportFormats.map(({ length }) => length)))}  every format that there is of it

  --to FORMAT   what to write; may name several, and be repeated
  --out PATH    where to: a file for formats of one file, else a folder (default: the folder "exports" in the run, or beside the snapshot)
  --chart NAME  of svg and png only this chart, for example loss
  --force       replaces files that are there
  --json        says what goes on as lines of JSON; the last has the type "finished"
  --help        shows this

Exit codes: 0 written, 1 it could not be, 2 the command line, the run or the snapshot was refused, ${interruptedCode} interrupted.`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, { to: { type: 'string', multiple: true }, out: { type: 'string' }, chart: { type: 'string' }, force: { type: 'boolean' }, json: { type: 'boolean' } });
    const [first] = positionals;
    if (first === undefined) throw new UsageError(`Say what to export: a folder that holds run.json, for example one under .efcp/runs, or a step snapshot (*${ending}).`);
    const what = first.endsWith(ending) ? 'snapshot' : 'run';
    const formats = formatsAsked(values.to, what);
    if (values.chart !== undefined && !formats.every(format => format === 'svg' || format === 'png')) throw new UsageError(`--chart is "${values.chart}", but only svg and png are of charts. Write --to svg or --to png.`);
    if (positionals.length > 1 && (formats.join() !== 'tensorboard' || values.out === undefined)) throw new UsageError(`${positionals.length} runs are given, which only tensorboard puts in one place. Write --to tensorboard --out LOGDIR, or export them one by one.`);
    const report = values.json === true ? jsonReport() : textReport();
    const began = performance.now();
    const work = new Work(report, interruption());
    try {
      const targets = what === 'snapshot' ? snapshotTargets(first, formats, values) : await runTargets(positionals, formats, values, work);
      refuseExisting(targets, values.force === true);
      const bytes = await work.write(targets);
      report({ type: 'finished', files: targets.length, bytes, ms: Math.round(performance.now() - began) });
      return 0;
    } catch (error) {
      if (work.isInterrupted) return interruptedCode;
      throw error;
    }
  },
};

interface Target {
  readonly format: ExportFormat;
  readonly target: string;
  readonly file: ExportFile;
}

/** Tells how far reading and writing have come, and breaks off when it is asked to. */
class Work {
  private what = '';
  private share = 0;

  constructor(readonly report: (message: ExportMessage) => void, private readonly signal: AbortSignal) {}

  get isInterrupted(): boolean {
    return this.signal.aborted;
  }

  begin(what: string): void {
    this.what = what;
    this.share = 0;
    this.tell({});
  }

  tell({ share = this.share, bytes }: { readonly share?: number; readonly bytes?: number }): void {
    this.signal.throwIfAborted();
    this.share = share;
    this.report({ type: 'progress', what: this.what, share, ...bytes === undefined ? {} : { bytes } });
  }

  /** Resolves to the bytes of all. */
  async write(targets: readonly Target[]): Promise<number> {
    let bytes = 0;
    for (const { format, target, file } of targets) {
      this.begin(target);
      const written = await writeExport(target, file.chunks(), so => this.tell({ bytes: so }));
      this.report({ type: 'file', format, path: target, bytes: written });
      bytes += written;
    }
    return bytes;
  }
}

interface Where {
  readonly out?: string | undefined;
  readonly chart?: string | undefined;
}

function formatsAsked(asked: readonly string[] | undefined, what: 'run' | 'snapshot'): ExportFormat[] {
  const can = formatsOf(what);
  const names = asked?.flatMap(text => text.split(',')).map(text => text.trim()) ?? [];
  if (names.length === 0) throw new UsageError(`Say into what with --to: ${can.join(', ')} or all. Write for example --to ${can[0] ?? ''}.`);
  if (names.includes('all')) return can;
  return [...new Set(names.map(name => {
    const format = can.find(each => each === name);
    if (format === undefined) throw new UsageError(`--to is "${name}", but a ${what} becomes ${can.join(', ')} or all. Write one of these.`);
    return format;
  }))];
}

async function runTargets(directories: readonly string[], formats: readonly ExportFormat[], where: Where, work: Work): Promise<Target[]> {
  const runs: RecordedRun[] = [];
  for (const directory of directories) {
    work.begin(directory);
    const run = await readRun(path.resolve(directory), share => work.tell({ share }));
    runs.push(run);
    if (run.damagedLines.length > 0) work.report({ type: 'note', message: `${directory}: events.jsonl is damaged; what line ${formatNumbers(run.damagedLines)} held is left out` });
    if (run.points.length === 0) work.report({ type: 'note', message: `${directory}: the run recorded no step, so there are no charts and no heap profile of it` });
  }
  const twice = runs.find(({ record: { id } }, index) => runs.slice(0, index).some(({ record }) => record.id === id));
  if (twice !== undefined) throw new UsageError(`${twice.directory} has the id ${twice.record.id}, as another run given before it has, and one would replace the other. Export them to log folders of their own.`);
  const names = readBy(runs.map(({ settings }) => settings));
  return runs.flatMap(run => targetsOf(formats, format => runExport(format, run, names), { ...where, usual: path.join(run.directory, 'exports'), prefix: '' }));
}

function snapshotTargets(file: string, formats: readonly ExportFormat[], where: Where): Target[] {
  const snapshot = readSnapshot(file);
  return targetsOf(formats, format => snapshotExport(format, snapshot), { ...where, usual: path.dirname(path.resolve(file)), prefix: `${path.basename(file, ending)}-` });
}

/** A file once, although two formats need it. */
function targetsOf(formats: readonly ExportFormat[], filesOf: (format: ExportFormat) => ExportFile[], { out, chart, usual, prefix }: Where & { readonly usual: string; readonly prefix: string }): Target[] {
  const found = new Map<string, Target>();
  for (const format of formats) {
    const all = filesOf(format);
    const files = chart === undefined ? all : all.filter(({ name }) => path.parse(name).name === chart);
    if (files.length === 0 && chart !== undefined) throw new UsageError(`--chart is "${chart}", but the charts are ${all.map(({ name }) => path.parse(name).name).join(', ') || 'none: no step was recorded'}. Name one of these.`);
    const isOne = formats.length === 1 && (formatWords[format].file !== undefined || chart !== undefined);
    for (const file of files) {
      const folder = formats.length === 1 && out !== undefined ? '' : formatWords[format].folder ?? '';
      const target = isOne && out !== undefined && !isFolder(out) ? path.resolve(out) : path.join(path.resolve(out ?? usual), folder, `${out === undefined ? prefix : ''}${file.name}`);
      if (!found.has(target)) found.set(target, { format, target, file });
    }
  }
  return [...found.values()];
}

function isFolder(place: string): boolean {
  return place.endsWith(path.sep) || (existsSync(place) && statSync(place).isDirectory());
}

function refuseExisting(targets: readonly Target[], force: boolean): void {
  const there = force ? [] : targets.filter(({ target }) => existsSync(target));
  const [first] = there;
  if (first !== undefined) throw new UsageError(`${first.target} is there already${there.length > 1 ? `, and ${there.length - 1} more` : ''}. Choose another place with --out, or replace what is there with --force.`);
}

function jsonReport(): (message: ExportMessage) => void {
  return message => { process.stdout.write(`${JSON.stringify(message)}\n`); };
}

function textReport(): (message: ExportMessage) => void {
  const progress = progressLine(process.stderr);
  return message => {
    if (message.type === 'progress') progress.show(`${message.what} ${progressWords(message)}`);
    else if (message.type === 'note') progress.say(`efcp: ${message.message}`);
    else {
      progress.clear();
      if (message.type === 'file') process.stdout.write(`${message.path}  ${formatBytes(message.bytes)}\n`);
    }
  };
}
