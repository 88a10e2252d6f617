#!/usr/bin/env node
/** The command line: `efcp COMMAND`; each command has a file of its own. */
import { InputError } from '../settings/problem';
import { studioVersion } from '../protocol/version';
import { benchCommand } from './bench';
import type { Command } from './command';
import { continueCommand } from './continue';
import { dataCommand } from './data';
import { doctorCommand } from './doctor';
import { estimateCommand } from './estimate';
import { evaluateCommand } from './evaluate';
import { exportCommand } from './export';
import { planCommand } from './plan';
import { profileCommand } from './profile';
import { replayCommand } from './replay';
import { runtimeCommand } from './runtime';
import { formatTable } from './table';
import { traceCommand } from './trace';
import { trainCommand } from './train';
import { translateCommand } from './translate';
import { UsageError } from './usageError';

const commands: Readonly<Record<string, Command>> = {
  train: trainCommand,
  estimate: estimateCommand,
  plan: planCommand,
  profile: profileCommand,
  replay: replayCommand,
  export: exportCommand,
  evaluate: evaluateCommand,
  translate: translateCommand,
  continue: continueCommand,
  doctor: doctorCommand,
  trace: traceCommand,
  bench: benchCommand,
  runtime: runtimeCommand,
  data: dataCommand,
};

const help = `efcp: train, and see where every byte goes

${formatTable(Object.entries(commands).map(([name, { summary }]) => [`efcp ${name}`, summary]))}

Every command has --help. efcp --version shows the version.`;

async function main([word, ...args]: readonly string[]): Promise<number> {
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') return print(help);
  if (word === '--version') return print(studioVersion);
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (command === undefined) throw new UsageError(`"${word}" is not a command. The commands are ${Object.keys(commands).join(', ')}; see efcp --help.`);
  return args.includes('--help') || args.includes('-h') ? print(command.help) : command.run(args);
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

// A reader that closes the pipe, such as head, has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

main(process.argv.slice(2)).then(
  code => { process.exitCode = code; },
  (error: unknown) => {
    process.stderr.write(`efcp: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError || error instanceof InputError ? 2 : 1;
  },
);
