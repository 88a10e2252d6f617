/** `efcp train`: the same loop as in the editor, with figures in the terminal or events as NDJSON. */
import { Console } from 'node:console';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { listCheckpoints } from '../protocol/checkpointFiles';
import { createRunDirectory, newRunId, recordRefusal, writeRecord } from '../protocol/runDirectory';
import type { AlarmEvent, FinishedEvent, RunEvent, StartedEvent } from '../protocol/runEvents';
import { runRecordFile, runsFolder, type RunRecord } from '../protocol/runFiles';
import { studioVersion } from '../protocol/version';
import { allowed, defaultInWords } from '../settings/knobSchema';
import { checkRunFile, resolveSettings } from '../settings/validate';
import { knob, knobNames } from '../settings/knobs';
import { presetNames, presets } from '../settings/presets';
import { InputError } from '../settings/problem';
import { Mailbox } from '../trainer/mailbox';
import type { Listener } from '../trainer/recordRun';
import { runSession, type Session } from '../trainer/session';
import { parseCommandLine, type Command } from './command';
import { takeOver } from './resumeRequest';
import { fixCommand } from './fixCommand';
import { interruptedCode, onInterrupt } from './interruption';
import { formatTable } from './table';
import { parseAssignment, resolveRequest, type RunRequest } from './runRequest';
import { TerminalReport } from './terminalReport';
import { UsageError } from './usageError';
import { weighFix } from './weighFix';

export const trainCommand: Command = {
  summary: 'train a preset or a *.efcp.json file',
  help: `efcp train PRESET|FILE [--set key=value …] [--epochs n] [--seed n] [--backend NAME] [--run-dir DIR] [--json]
efcp train --resume RUNDIR [--from CHECKPOINT] [--set key=value …] [--epochs n] [--backend NAME] [--json]

Trains in this terminal and keeps the run in a folder that the editor and efcp replay can open. With --resume a run that was
stopped, failed or was killed goes on from its newest checkpoint, in its own folder, bit for bit as if it had never ended.

  --set key=value  sets any setting; may be repeated
  --epochs n       short for --set epochs=n
  --seed n         short for --set seed=n
  --backend NAME   short for --set backend=NAME
  --run-dir DIR    where to keep the run (default ${runsFolder}/<time>-<name>)
  --resume RUNDIR  goes on with a run; --epochs then says how many it has in all, --backend what it goes on with, --set what changes
                   before its next step: settings that may change while a run goes on
  --from NAME      the checkpoint to go on from, such as step-00000120.safetensors (default the newest); what came after it no longer counts
  --json           writes every event as one line of JSON; the last has the type "finished"
  --help           shows this

An alarm stops the run, since nobody here can answer it, and says how to go on; with --set onAlarm=note it goes on where it can. A run
that diverges goes on in any case but onAlarm=stop: the checkpoint from before is kept, and the command to go back to it told at the end.
Ctrl-C stops after the present step and saves a checkpoint; a second Ctrl-C ends at once.
Exit codes: 0 completed or stopped, 1 the run failed, 2 the command line or the file was refused, ${interruptedCode} interrupted.

Presets
${formatTable(presetNames.map(name => [name, presets[name].description]))}

Settings
${formatTable(knobNames.map(name => [name, `${allowed(knob(name))}; default ${defaultInWords(knob(name))}`, knob(name).label]))}`,

  async run(args) {
    const { values, positionals } = parseCommandLine(args, {
      set: { type: 'string', multiple: true }, epochs: { type: 'string' }, seed: { type: 'string' }, backend: { type: 'string' }, 'run-dir': { type: 'string' }, resume: { type: 'string' }, from: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [target, ...more] = positionals;
    const write = (event: RunEvent) => process.stdout.write(`${JSON.stringify(event)}\n`);
    if (values.resume !== undefined) {
      refuseBesideResume({ ...(target === undefined ? {} : { [target]: true }), '--seed': values.seed, '--run-dir': values['run-dir'] });
      const { epochs, backend } = checkRunFile(Object.fromEntries(shortForms({ epochs: values.epochs, backend: values.backend }).map(parseAssignment)));
      const folder = path.resolve(values.resume);
      const { record, started, settings } = takeOver(folder, { epochs, from: values.from }, Object.fromEntries((values.set ?? []).map(parseAssignment)));
      return follow({ folder, record, started, resume: { epochs, backend, settings, from: values.from } }, values.json ? write : undefined);
    }
    if (values.from !== undefined) throw new UsageError('--from names a checkpoint of a run that goes on. Give its folder with --resume, or leave --from out.');
    if (target === undefined) throw new UsageError(`Say what to train: a preset (${presetNames.join(', ')}) or a *.efcp.json file.`);
    const assignments = [...values.set ?? [], ...more, ...shortForms({ epochs: values.epochs, seed: values.seed, backend: values.backend })];
    const directory = (name: string) => freshDirectory(values['run-dir'], name);

    let request: RunRequest;
    try {
      request = resolveRequest(target, Object.fromEntries(assignments.map(parseAssignment)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const refusal = recordRefusal(directory('refused'), { kind: 'file', name: target }, error.message);
      if (values.json) write(refusal);
      throw error;
    }
    return follow(openRun(directory(request.name), request), values.json ? write : undefined);
  },
};

interface RunInTerminal {
  readonly folder: string;
  readonly record: RunRecord;
  readonly resume?: Session['resume'];
  /** What a run that is resumed said when it began. */
  readonly started?: StartedEvent | undefined;
}

/** Trains to the end; `write` gets the events, or else they are told in words. Resolves to the exit code. */
async function follow({ folder, record, resume, started }: RunInTerminal, write: Listener | undefined): Promise<number> {
  if (write !== undefined) printBesideEvents();
  const mailbox = new Mailbox();
  const wasInterrupted = stopOnInterrupt(mailbox);
  const report = new TerminalReport(process.stdout, record, folder);
  if (write === undefined && started !== undefined) report.show(started);
  let stopped: AlarmEvent | undefined;
  let diverged: AlarmEvent | undefined;
  const listen = (event: RunEvent) => {
    if (event.type === 'alarm') stopped = event.action === 'stopped' ? event : undefined;
    if (event.type === 'alarm' && event.kind === 'divergence') diverged = event;
    if (write === undefined) report.show(event);
    else write(event);
  };
  const finished = await runSession({
    directory: folder, record, assets: __dirname, mailbox, listen, ...(resume === undefined ? {} : { resume }),
  });
  if (finished.reason === 'failed') {
    process.stderr.write(`efcp: ${finished.message ?? 'the run failed'}\n`);
    process.stderr.write(await wayOnFrom(folder, record, finished, stopped));
  } else if (diverged?.fix !== undefined) process.stderr.write(`efcp: the loss diverged at step ${diverged.step}, and the run went on. To take that back: ${fixCommand(folder, diverged, diverged.fix)}\n`);
  return finished.reason === 'failed' ? 1 : wasInterrupted() ? interruptedCode : 0;
}

/** What a module of the user's prints must not stand among the lines of JSON. */
function printBesideEvents(): void {
  Object.assign(console, new Console({ stdout: process.stderr, stderr: process.stderr }));
}

/** How to go on: with what an alarm proposes; where the backend is what failed, with the next best. */
async function wayOnFrom(folder: string, { settings }: RunRecord, { fallback }: FinishedEvent, alarm: AlarmEvent | undefined): Promise<string> {
  const fix = alarm && await weighFix(folder, resolveSettings(checkRunFile(settings)), alarm);
  if (alarm !== undefined && fix !== undefined) return `${fix === alarm.fix ? '' : `${fix.words}\n`}${fixCommand(folder, alarm, fix)}\n`;
  if (fallback === undefined) return '';
  return listCheckpoints(folder).length === 0 ? `Start it again with --backend ${fallback}.\n` : `Go on with the next best: efcp train --resume ${folder} --backend ${fallback}\n`;
}

function shortForms(given: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

/** A run that goes on has its settings and its folder. */
function refuseBesideResume(given: Readonly<Record<string, unknown>>): void {
  const named = Object.keys(given).filter(name => given[name] !== undefined);
  if (named.length > 0) throw new UsageError(`${named.join(' and ')} cannot stand beside --resume: the run goes on with its own settings, in its own folder. Leave it out, or start a new run.`);
}

function freshDirectory(wanted: string | undefined, name: string): string {
  const directory = path.resolve(wanted ?? path.join(runsFolder, newRunId(name, new Date())));
  if (existsSync(path.join(directory, runRecordFile))) throw new UsageError(`--run-dir is ${directory}, which already holds a run. Choose another folder, or look at this one with efcp replay.`);
  try {
    createRunDirectory(directory);
  } catch (error) {
    throw new UsageError(`--run-dir is ${directory}, which cannot be made (${error instanceof Error ? error.message : String(error)}). Choose a folder that you may write to.`);
  }
  return directory;
}

function openRun(folder: string, { name, source, settings }: RunRequest): RunInTerminal {
  const record: RunRecord = {
    version: 1, id: path.basename(folder), name, createdAt: new Date().toISOString(), source, settings, studio: studioVersion, workspace: process.cwd(),
    node: { path: process.execPath, version: process.version, reason: 'runs the command line' }, pid: process.pid,
  };
  writeRecord(folder, record);
  return { record, folder };
}

/** Asks the loop to stop between two steps. */
function stopOnInterrupt(mailbox: Mailbox): () => boolean {
  let asked = false;
  onInterrupt(() => {
    asked = true;
    mailbox.post({ type: 'stop' });
  });
  return () => asked;
}
