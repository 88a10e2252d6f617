/** `efcp trace`: replays recorded gradients through one optimizer, so that it can be compared with any other implementation. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { BackendPlace } from '../backends/loadBackend';
import { InputError } from '../settings/problem';
import { onDevice, optimizers } from '../settings/optimizers';
import { optimizerSettingNames } from '../settings/optimizerSettings';
import { totalBytes } from '../settings/stateBytes';
import { parseCommandLine, type Command } from './command';
import { placeOfState, openReplay, traceBackends, type TraceBackend } from './traceBackend';
import { parseTraceProblem } from './traceProblem';
import type { Replay } from './traceReplay';
import { traceWriter } from './traceWriter';
import { UsageError } from './usageError';

const atOnce = 2 ** 28;

export const traceCommand: Command = {
  summary: 'replay recorded gradients through an optimizer',
  help: `efcp trace --input FILE --output FILE [--placement host|device] [--backend NAME]

Takes one step for every recorded gradient and writes the parameters after each, so that an optimizer can be checked
against any other implementation, number by number.

  --input FILE    the problem, as JSON
  --output FILE   where to write the trace; only a whole one is written
  --placement P   where the optimizer's state lies, as in a run: host (default), this process's own memory; or device, the
                  tensors of the backend, where the arithmetic is done too, with the same results but for the rounding of
                  float32. The device has ${onDevice.join(', ')}
  --backend NAME  ${traceBackends.join(', ')}: the TensorFlow.js backend of the device (default auto: tensorflow
                  where this folder has @tensorflow/tfjs-node-gpu or tfjs-node, else wasm). webgpu needs the npm package
                  webgpu here, and a driver. With the state on the host the trace does not depend on it
  --help          shows this

Problem
  { "optimizer": NAME, "settings": { … },
    "parameters": [{ "name": "w", "shape": [2, 3], "values": [6 numbers] }, …],
    "gradients": [for each step [for each parameter [flat list of numbers], …], …] }

Trace
  { "parameters": [for each step [for each parameter [flat list of numbers], …], …],
    "stateBytes": bytes the optimizer holds, wherever they lie, "stateBytesByPart": { part: bytes, … } }

Numbers are float32: they are rounded to it when read, and written so that they read as exactly the same. Schedules of the
learning rate span the recorded steps. Settings that are not given have the optimizer's defaults.

Optimizers  ${optimizers.join(', ')}; adam stands for adamw
Settings    ${optimizerSettingNames.join(', ')}; see efcp train --help

Exit codes: 0 the trace was written, 1 the optimizer failed, 2 the command line or the problem was refused.`,

  async run(args) {
    const text = { type: 'string' } as const;
    const { values: { input, output, backend, placement = 'host' }, positionals } = parseCommandLine(args, { input: text, output: text, backend: text, placement: text });
    if (positionals[0] !== undefined) throw new UsageError(`"${positionals[0]}" is not an option. Write efcp trace --input FILE --output FILE.`);
    if (input === undefined || output === undefined) throw new UsageError(`--${input === undefined ? 'input' : 'output'} is missing. Write efcp trace --input FILE --output FILE.`);
    const { optimizer, steps, held } = await traceFile(input, output, placeOfState(backend, placement), { assets: __dirname, workspace: process.cwd() });
    process.stdout.write(`${optimizer}: ${steps} steps, ${held} bytes of state; trace written to ${output}\n`);
    return 0;
  },
};

/** Replays the problem in one file into another. Rejects with UsageError or InputError, and writes nothing, where that cannot be. */
export async function traceFile(input: string, output: string, backend: TraceBackend, place: BackendPlace): Promise<{ readonly optimizer: string; readonly steps: number; readonly held: number }> {
  const bytes = read(input);
  try {
    const problem = parseTraceProblem(bytes);
    const replay = await openReplay(problem, backend, place);
    const { steps, settings: { optimizer } } = problem;
    return { optimizer, steps, held: await write(replay, steps, output) };
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

/** Takes all steps; resolves to the bytes of state that are held after them. */
async function write(replay: Replay, steps: number, output: string): Promise<number> {
  try {
    const writer = traceWriter(output);
    try {
      for (let step = 1; step <= steps; step++) writer.step(await replay.step(step));
    } catch (error) {
      writer.abandon();
      throw error;
    }
    const bytes = replay.stateBytes();
    writer.finish(bytes);
    return totalBytes(bytes);
  } finally {
    replay.dispose();
  }
}
