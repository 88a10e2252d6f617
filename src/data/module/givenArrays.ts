/** Arrays as a user's module gives them, tensors or typed arrays, copied to the host and checked; its tensors are disposed of. */
import { kindOf, moduleProblem } from '../../models/ownModule/loadOwnModule';
import type { HostArray } from '../dataset';

/** Of a tensor, whichever copy of TensorFlow.js made it. */
interface GivenTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** `field` says where in what createData returned, `file` of which module. */
export async function readArray(given: unknown, field: string, file: string): Promise<HostArray> {
  const value = await given;
  const array = isTensor(value) ? await readTensor(value, field, file) : readValues(value, field, file);
  const size = array.shape.reduce((product, length) => product * length, 1);
  if (array.shape.length === 0 || array.values.length !== size) throw problem(field, `has ${array.values.length} values for the shape [${array.shape.join(', ')}], but a shape begins with the number of examples and has as many values`, 'Correct the shape', file);
  const example = size / (array.shape[0] ?? 1);
  const wrong = array.values.findIndex((number: number) => !Number.isFinite(number));
  if (wrong >= 0) throw problem(field, `is ${array.values[wrong] ?? 0} in example ${Math.floor(wrong / example)}, but must be finite numbers`, 'Leave the example out, or put a number there', file);
  return array;
}

async function readTensor(tensor: GivenTensor, field: string, file: string): Promise<HostArray> {
  const { dtype, shape } = tensor;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw problem(field, `is a tensor of ${dtype}, but must be one of float32, int32 or bool`, 'Cast it', file);
  const read = await tensor.data();
  const values = dtype === 'float32' ? Float32Array.from(read) : Int32Array.from(read);
  tensor.dispose();
  return { values, shape: [...shape] };
}

function readValues(given: unknown, field: string, file: string): HostArray {
  const { values, shape } = typeof given === 'object' && given !== null ? given as Partial<Record<string, unknown>> : {};
  const isShape = Array.isArray(shape) && shape.every(length => Number.isInteger(length) && length >= 0);
  if (!ArrayBuffer.isView(values) || values instanceof DataView || !isShape) throw problem(field, `is ${kindOf(given)}, but must be a tensor, or { values, shape } with a typed array and a list of whole numbers`, 'Give one of these', file);
  const numbers = values as unknown as ArrayLike<number>;
  const isFractional = values instanceof Float32Array || values instanceof Float64Array;
  return { values: isFractional ? Float32Array.from(numbers) : Int32Array.from(numbers), shape: [...shape as number[]] };
}

function isTensor(value: unknown): value is GivenTensor {
  if (typeof value !== 'object' || value === null) return false;
  const { dataId, shape, dtype, data } = value as Partial<Record<string, unknown>>;
  return typeof dataId === 'object' && Array.isArray(shape) && typeof dtype === 'string' && typeof data === 'function';
}

export function problem(field: string, what: string, remedy: string, file: string): Error {
  return moduleProblem(`createData of the module ${file}: ${field} ${what}. ${remedy}.`);
}
