/** `efcp data fetch`: what goes on is told in lines, with bytes on a terminal, or as events. */
import { dataHome } from '../data/dataHome';
import { DataRefusal } from '../data/fetch/dataRefusal';
import { fetchData, type FetchResult } from '../data/fetch/fetchData';
import type { FetchEvent, FetchMessage } from '../data/fetch/fetchMessages';
import { formatBytes, formatDuration } from '../protocol/format';
import { parseCommandLine } from './command';
import { interruptedCode, interruption } from './interruption';
import { namedData } from './namedData';
import { progressLine } from './progressLine';
import { UsageError } from './usageError';

export async function fetchCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { mirror: { type: 'string', multiple: true }, json: { type: 'boolean' } });
  const name = namedData(positionals, 'fetch');
  const mirrors = values.mirror ?? [];
  for (const mirror of mirrors) if (!/^https?:\/\//.test(mirror)) throw new UsageError(`--mirror is "${mirror}", but must begin with http:// or https://. Name a folder on a server that has the published files.`);
  const signal = interruption();
  const began = performance.now();
  const out = values.json ? jsonReport : textReport();
  try {
    const result = await fetchData({ name, home: dataHome(), mirrors, signal, report: out.event });
    out.finished(name, result, performance.now() - began);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      out.cancelled();
      return interruptedCode;
    }
    if (!(error instanceof DataRefusal)) throw error;
    out.refused(error);
    return 1;
  }
}

interface Report {
  readonly event: (event: FetchEvent) => void;
  finished(name: string, result: FetchResult, ms: number): void;
  cancelled(): void;
  refused(refusal: DataRefusal): void;
}

const write = (event: FetchMessage) => { process.stdout.write(`${JSON.stringify(event)}\n`); };

const jsonReport: Report = {
  event: write,
  finished: (name, result, ms) => { write({ type: 'finished', name, ...result, ms: Math.round(ms) }); },
  cancelled: () => { write({ type: 'cancelled' }); },
  refused: ({ code, what, remedy, details }) => { write({ type: 'refused', code, what, remedy, details }); },
};

function textReport(): Report {
  const line = progressLine(process.stderr);
  return {
    event: event => {
      if (event.type === 'started') line.say(`${event.title}. ${formatBytes(event.downloadBytes)} to download, into ${event.folder}.\nLicence: ${event.licence}`);
      else if (event.type === 'file') line.say(`[${event.number}/${event.files}] ${event.file} (${formatBytes(event.bytes)})${event.done ? ': done before' : ''}`);
      else if (event.type === 'trouble') line.say(`      ${event.message}`);
      else line.show(`      ${event.doing} ${formatBytes(event.bytes)} of ${formatBytes(event.totalBytes)}`);
    },
    finished: (name, { folder, bytes, alreadyThere }, ms) => {
      line.clear();
      process.stdout.write(`${alreadyThere ? 'Already there, and whole' : `Fetched and checked in ${formatDuration(ms)}`}: ${name}, ${formatBytes(bytes)} of data in ${folder}. Runs with "data": "${name}" use it.\n`);
    },
    cancelled: () => { line.say('Cancelled. What has come is kept: the next attempt goes on from there, and efcp data remove takes it away.'); },
    refused: refusal => { line.say(`efcp: ${refusal.message}`); },
  };
}
