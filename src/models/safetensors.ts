/**
 * Reads single tensors of a safetensors file, which may hold many others, of any type: 8 bytes of the header's length, little-endian,
 * the header (JSON of { name: { dtype, shape, data_offsets } }), then the data, to which offsets are relative. F32, F16 and BF16 become
 * float32. Source: the format's own description (huggingface/safetensors, README, "Format").
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import * as z from 'zod';
import { bitsOfFloat16 } from '../kernels/float16';
import { InputError } from '../settings/problem';

const lengthBytes = 8;
const bytesPerEntry = { F32: 4, F16: 2, BF16: 2 } as const;
const count = z.int().nonnegative();
const entrySchema = z.object({ dtype: z.string(), shape: z.array(count), data_offsets: z.tuple([count, count]) });
const headerSchema = z.record(z.string(), z.unknown());

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export class SafetensorsFile {
  private constructor(
    /** Of the setting that names the file. */
    private readonly field: string, private readonly file: string, private readonly descriptor: number,
    private readonly header: Readonly<Record<string, unknown>>, private readonly dataStart: number, private readonly bytes: number,
  ) {}

  /** Throws InputError where there is no such file, or it is not what it says. */
  static open(field: string, file: string): SafetensorsFile {
    const descriptor = opened(field, file);
    try {
      const { size } = fstatSync(descriptor);
      const { header, dataStart } = headerOf(descriptor, size);
      return new SafetensorsFile(field, file, descriptor, header, dataStart, size);
    } catch (error) {
      closeSync(descriptor);
      throw problem(field, file, `is no whole safetensors file: ${error instanceof Error ? error.message : String(error)}. Take another copy of it`);
    }
  }

  has(name: string): boolean {
    return name !== '__metadata__' && Object.hasOwn(this.header, name);
  }

  /** Throws InputError for what is not there, is of another type than floats, or lies beyond the end of the file. */
  read(name: string): NamedTensor {
    if (!this.has(name)) throw this.problem(`has no tensor ${name}`);
    const parsed = entrySchema.safeParse(this.header[name]);
    if (!parsed.success) throw this.problem(`describes the tensor ${name} by ${JSON.stringify(this.header[name]).slice(0, 80)}, which is not its dtype, shape and data_offsets`);
    const { dtype, shape, data_offsets: [from, to] } = parsed.data;
    if (!isReadable(dtype)) throw this.problem(`has the tensor ${name} in the type ${dtype}; weights must be in one of ${Object.keys(bytesPerEntry).join(', ')}`);
    const needed = bytesPerEntry[dtype] * shape.reduce((product, length) => product * length, 1);
    if (to - from !== needed) throw this.problem(`gives ${to - from} bytes to the tensor ${name} of the shape [${shape.join(', ')}], which takes ${needed} in ${dtype}`);
    if (this.dataStart + to > this.bytes) throw this.problem(`ends after ${this.bytes} bytes, but its tensor ${name} of the shape [${shape.join(', ')}] goes on until ${this.dataStart + to}: the file is cut short`);
    return { shape, values: asFloats(dtype, readBytes(this.descriptor, this.dataStart + from, needed)) };
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** `what`: as in "pretrained is FILE, which …". */
  problem(what: string): InputError {
    return problem(this.field, this.file, what);
  }
}

function opened(field: string, file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw problem(field, file, `cannot be read (${error instanceof Error ? error.message : String(error)}). Name a safetensors file`);
  }
}

function headerOf(descriptor: number, size: number): { header: Readonly<Record<string, unknown>>; dataStart: number } {
  if (size < lengthBytes) throw new Error(`it has ${size} bytes, and even the length of its header takes ${lengthBytes}`);
  const length = new DataView(readBytes(descriptor, 0, lengthBytes).buffer).getBigUint64(0, true);
  if (length > size - lengthBytes) throw new Error(`its header is said to take ${length.toString()} bytes, but only ${size - lengthBytes} follow`);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readBytes(descriptor, lengthBytes, Number(length)));
  return { header: headerSchema.parse(JSON.parse(text)), dataStart: lengthBytes + Number(length) };
}

function readBytes(descriptor: number, from: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let done = 0; done < count;) {
    const read = readSync(descriptor, bytes, done, count - done, from + done);
    if (read === 0) throw new Error(`it ends after ${from + done} bytes`);
    done += read;
  }
  return bytes;
}

function asFloats(dtype: keyof typeof bytesPerEntry, { buffer }: Uint8Array<ArrayBuffer>): Float32Array {
  if (dtype === 'F32') return new Float32Array(buffer);
  const toBits = dtype === 'F16' ? bitsOfFloat16 : (half: number) => half << 16;
  return new Float32Array(Int32Array.from(new Uint16Array(buffer), toBits).buffer);
}

function isReadable(dtype: string): dtype is keyof typeof bytesPerEntry {
  return Object.hasOwn(bytesPerEntry, dtype);
}

function problem(field: string, file: string, what: string): InputError {
  return new InputError([{ field, message: `${field} is "${file}", which ${what}.` }]);
}
