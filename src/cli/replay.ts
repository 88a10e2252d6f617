/** `efcp replay`: shows a run that is kept on disk, finished or not, as it was shown while it went on. */
import { formatNumbers } from '../protocol/format';
import { eachEvent, readRecord } from '../protocol/runDirectory';
import type { RunEvent } from '../protocol/runEvents';
import { parseCommandLine, type Command } from './command';
import { TerminalReport } from './terminalReport';
import { UsageError } from './usageError';

export const replayCommand: Command = {
  summary: 'show a run that is kept on disk',
  help: `efcp replay RUNDIR [--json]

Shows what a run did: its epochs, its changes, the bytes at its peak. A run that went on from a checkpoint is shown in the order
in which things happened: steps beyond the checkpoint first as they were, and after "restored" as they were made again.

  --json  writes its events as they were recorded, one a line
  --help  shows this`,

  run(args) {
    const { values, positionals: [directory] } = parseCommandLine(args, { json: { type: 'boolean' } });
    if (directory === undefined) throw new UsageError('Say which run: a folder that holds run.json, for example one under .efcp/runs.');
    const record = readRecord(directory);
    const report = new TerminalReport(process.stdout, record, directory);
    const damagedLines: number[] = [];
    let last: RunEvent | undefined;
    for (const event of eachEvent(directory, line => damagedLines.push(line))) {
      last = event;
      if (values.json) process.stdout.write(`${JSON.stringify(event)}\n`);
      else if (event.type !== 'sample' || !process.stdout.isTTY) report.show(event);
    }
    if (!values.json && last?.type !== 'finished') process.stdout.write('the run goes on, or was interrupted: it has written no last event\n');
    if (damagedLines.length > 0) process.stderr.write(`efcp: skipped damaged lines of events.jsonl: ${formatNumbers(damagedLines)}\n`);
    return Promise.resolve(0);
  },
};
