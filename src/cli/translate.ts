/** `efcp translate`: lines in, their translations out, line by line. */
import { createInterface } from 'node:readline';
import { addAbortSignal } from 'node:stream';
import { linesOf, readLines } from '../data/text/readLines';
import { translateLines } from '../trainer/trained/translations';
import { beamHelp, beamOptions, beamSettings } from './beamOptions';
import { parseCommandLine, type Command } from './command';
import { progressLine } from './progressLine';
import { trainedHelp, trainedOptions, withTrained } from './trainedRun';

/** Lines that are read before any is written: those of about one length are translated together. */
const together = 200;

export const translateCommand: Command = {
  summary: 'translate lines with a translator that was trained',
  help: `efcp translate RUNDIR [--input FILE] [--beam n] [--length-penalty x] [--average n] [--backend NAME]

Translates every line of the standard input, or of a file, in UTF-8, and writes one line for each, in the same order.

  --input FILE           reads this file instead of the standard input
${beamHelp}
${trainedHelp}
  --help                 shows this`,

  run(args) {
    const { values, positionals: [directory] } = parseCommandLine(args, { input: { type: 'string' }, ...beamOptions, ...trainedOptions });
    const settings = beamSettings(values);
    const { input, average, backend } = values;
    const given = input === undefined ? undefined : readLines(input, 'input');
    return withTrained(directory, { average, backend }, async (trained, stop) => {
      const progress = progressLine(process.stderr);
      let before = 0;
      for await (const lines of given === undefined ? fromInput(stop) : inPieces(given)) {
        const spoken = lines.filter(line => line.trim() !== '');
        const translations = await translateLines(trained, spoken, settings, { stop, done: count => { progress.show(`${before + count} lines translated`); } });
        progress.clear();
        let next = 0;
        for (const line of lines) process.stdout.write(`${line.trim() === '' ? '' : translations[next++]?.line ?? ''}\n`);
        before += lines.length;
      }
    });
  },
};

function* inPieces(lines: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < lines.length; from += together) yield lines.slice(from, from + together);
}

/** Whole where it comes from a file or another program; from a terminal a line at a time. */
async function* fromInput(stop: AbortSignal): AsyncGenerator<readonly string[]> {
  const input = addAbortSignal(stop, process.stdin);
  if (input.isTTY) {
    for await (const line of createInterface({ input })) yield [line];
    return;
  }
  const pieces: Buffer[] = [];
  for await (const piece of input) pieces.push(piece as Buffer);
  yield* inPieces(linesOf(Buffer.concat(pieces), 'the standard input', 'input'));
}
