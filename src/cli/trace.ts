/** `efcp trace`: replays recorded gradients through one optimizer, so that it can be compared with any other implementation. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createOptimizer } from '../optimizers/optimizer';
import { InputError } from '../settings/problem';
import { optimizers } from '../settings/optimizers';
import { optimizerSettingNames } from '../settings/optimizerSettings';
import { totalBytes } from '../settings/stateBytes';
import { parseCommandLine, type Command } from './command';
import { parseTraceProblem, type TraceProblem } from './traceProblem';
import { traceWriter } from './traceWriter';
import { UsageError } from './usageError';

const backends = ['host', 'cpu', 'wasm', 'tensorflow', 'webgpu', 'auto'] as const;

const atOnce = 2 ** 28;

export const traceCommand: Command = {
  summary: 'replay recorded gradients through an optimizer',
  help: `efcp trace --input FILE --output FILE [--backend NAME]

Takes one step for every recorded gradient and writes the parameters after each, so that an optimizer can be checked
against any other implementation, number by number.

  --input FILE    the problem, as JSON
  --output FILE   where to write the trace; only a whole one is written
  --backend NAME  ${backends.join(', ')}: for which backend the optimizer's state is placed (default ${backends[0]}). The
                  state lives on the host, in typed arrays, for all of them, and the trace does not depend on it
  --help          shows this

Problem
  { "optimizer": NAME, "settings": { … },
    "parameters": [{ "name": "w", "shape": [2, 3], "values": [6 numbers] }, …],
    "gradients": [for each step [for each parameter [flat list of numbers], …], …] }

Trace
  { "parameters": [for each step [for each parameter [flat list of numbers], …], …],
    "stateBytes": bytes the optimizer holds, "stateBytesByPart": { part: bytes, … } }

Numbers are float32: they are rounded to it when read, and written so that they read as exactly the same. Schedules of the
learning rate span the recorded steps. Settings that are not given have the optimizer's defaults.

Optimizers  ${optimizers.join(', ')}; adam stands for adamw
Settings    ${optimizerSettingNames.join(', ')}; see efcp train --help

Exit codes: 0 the trace was written, 1 the optimizer failed, 2 the command line or the problem was refused.`,

  run(args) {
    const { values: { input, output, backend = backends[0] }, positionals } = parseCommandLine(args, { input: { type: 'string' }, output: { type: 'string' }, backend: { type: 'string' } });
    if (positionals[0] !== undefined) throw new UsageError(`"${positionals[0]}" is not an option. Write efcp trace --input FILE --output FILE.`);
    if (input === undefined || output === undefined) throw new UsageError(`--${input === undefined ? 'input' : 'output'} is missing. Write efcp trace --input FILE --output FILE.`);
    if (!(backends as readonly string[]).includes(backend)) throw new UsageError(`--backend is ${backend}, but must be one of ${backends.join(', ')}. Name one of these, or leave it out for ${backends[0]}.`);
    const { optimizer, steps, held } = traceFile(input, output);
    process.stdout.write(`${optimizer}: ${steps} steps, ${held} bytes of state; trace written to ${output}\n`);
    return Promise.resolve(0);
  },
};

/** Replays the problem in one file into another. Throws UsageError or InputError, and writes nothing, where that cannot be. */
export function traceFile(input: string, output: string): { readonly optimizer: string; readonly steps: number; readonly held: number } {
  const bytes = read(input);
  try {
    return replay(parseTraceProblem(bytes), output);
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.problems, input) : error;
  }
}

/** In pieces, since Node reads no more than 2 GiB at once. */
function read(file: string): Buffer {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const status = fstatSync(descriptor);
      if (!status.isFile()) return readFileSync(descriptor);
      const bytes = Buffer.allocUnsafe(status.size);
      let count = 0;
      for (let got = 1; got > 0; count += got) got = readSync(descriptor, bytes, count, Math.min(atOnce, bytes.length - count), null);
      return bytes.subarray(0, count);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new UsageError(`--input is ${file}, which cannot be read (${error instanceof Error ? error.message : String(error)}). Name a problem that is there.`);
  }
}

function replay({ settings, parameters, steps, readGradients }: TraceProblem, output: string): { readonly optimizer: string; readonly steps: number; readonly held: number } {
  const optimizer = createOptimizer(settings, parameters, { totalSteps: steps });
  const writer = traceWriter(output);
  try {
    for (let step = 1; step <= steps; step++) {
      readGradients(step, optimizer.gradient);
      optimizer.update(optimizer.gradient, parameters, step);
      writer.step(parameters);
    }
  } catch (error) {
    writer.abandon();
    throw error;
  }
  const bytes = optimizer.stateBytes();
  writer.finish(bytes);
  return { optimizer: settings.optimizer, steps, held: totalBytes(bytes) };
}
