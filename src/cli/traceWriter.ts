/** Writes a trace while it comes about: nothing is held but what was last said, and the file appears only when it is whole. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { totalBytes, type StateBytes } from '../settings/stateBytes';
import { UsageError } from './usageError';

export interface TraceWriter {
  /** The parameters after a step: a list of float32 values for each. */
  step(parameters: readonly { readonly values: Float32Array }[]): void;
  finish(bytes: StateBytes): void;
  /** Leaves no file behind. */
  abandon(): void;
}

const atOnce = 65_536;

export function traceWriter(file: string): TraceWriter {
  const unfinished = `${file}.unfinished-${process.pid}`;
  const descriptor = open(file, unfinished);
  const write = (text: string) => { writeAll(descriptor, text); };
  let steps = 0;
  write('{"parameters":[');
  return {
    step: parameters => {
      write(steps++ === 0 ? '[' : ',[');
      parameters.forEach(({ values }, index) => {
        write(index === 0 ? '[' : ',[');
        for (let from = 0; from < values.length; from += atOnce) write(`${from === 0 ? '' : ','}${Array.from(values.subarray(from, from + atOnce), exactly).join(',')}`);
        write(']');
      });
      write(']');
    },
    finish: bytes => {
      write(`],"stateBytes":${totalBytes(bytes)},"stateBytesByPart":${JSON.stringify(bytes)}}\n`);
      closeSync(descriptor);
      renameSync(unfinished, file);
    },
    abandon: () => {
      closeSync(descriptor);
      rmSync(unfinished, { force: true });
    },
  };
}

/** The shortest decimal that reads as this very number, the sign of zero kept. */
function exactly(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function open(file: string, unfinished: string): number {
  try {
    return openSync(unfinished, 'w');
  } catch (error) {
    throw new UsageError(`--output is ${file}, which cannot be written (${error instanceof Error ? error.message : String(error)}). Name a file in a folder that you may write to.`);
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}
