/** The numbers of a recorded problem: flat lists of finite float32, and the parameters made of them. */
import type { ParameterView } from '../optimizers/transformation';
import { InputError, type Problem } from '../settings/problem';
import { listParts, parsePart, type JsonPart } from './jsonParts';

const keys = ['name', 'shape', 'values'] as const;

/** Throws InputError with every problem found. */
export function checkedParameters(bytes: Buffer, part: JsonPart | undefined): ParameterView[] {
  const parts = part === undefined ? undefined : listParts(bytes, part);
  if (parts === undefined || parts.length === 0) throw refusal('parameters', `parameters ${part === undefined ? 'are missing' : parts === undefined ? 'are no list' : 'are an empty list'}, but must be a list of at least one {"name", "shape", "values"}. List every tensor.`);
  const problems: Problem[] = [];
  const names = new Set<string>();
  const parameters = parts.flatMap((each, index) => {
    try {
      const parameter = checkedParameter(parsePart(bytes, each), `parameters[${index}]`);
      if (names.has(parameter.name)) throw refusal(`parameters[${index}].name`, `parameters[${index}].name is ${JSON.stringify(parameter.name)}, as another's is. Give every parameter a name of its own.`);
      names.add(parameter.name);
      return [parameter];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new InputError(problems);
  return parameters;
}

function checkedParameter(input: unknown, field: string): ParameterView {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw refusal(field, `${field} is ${show(input)}, but must be an object with ${keys.join(', ')}. Describe the tensor so.`);
  const unknown = Object.keys(input).filter(key => !(keys as readonly string[]).includes(key));
  if (unknown.length > 0) throw new InputError(unknown.map(key => ({ field: `${field}.${key}`, message: `"${key}" in ${field} is not a key of a parameter. Remove it; the keys are ${keys.join(', ')}.` })));
  const { name, shape, values } = input as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') throw refusal(`${field}.name`, `${field}.name is ${show(name)}, but must be a text that is not empty. Name the tensor.`);
  const isShape = Array.isArray(shape) && shape.every((side): side is number => Number.isSafeInteger(side) && side >= 0);
  if (!isShape) throw refusal(`${field}.shape`, `${field}.shape is ${show(shape)}, but must be a list of whole numbers from 0. Write [] for a single number.`);
  const length = shape.reduce((product, side) => product * side, 1);
  return { name, shape, values: checkedFloats(values, length, `${field}.values`, `, of ${name},`) };
}

/** A flat list of `length` finite numbers, rounded to float32. `whose` stands after the field in messages. */
export function checkedFloats(input: unknown, length: number, field: string, whose: string): Float32Array {
  if (!Array.isArray(input)) throw refusal(field, `${field}${whose} is ${show(input)}, but must be a flat list of ${length} numbers. Give one for every entry, row by row.`);
  if (input.length !== length) throw refusal(field, `${field}${whose} has ${input.length} entries, but must have ${length}. Give one for every entry, row by row.`);
  const floats = Float32Array.from(input as number[]);
  for (let at = 0; at < length; at++) {
    const entry: unknown = input[at];
    if (typeof entry !== 'number') throw refusal(`${field}[${at}]`, `${field}${whose} has ${show(entry)} at entry ${at}, but must hold finite numbers only. Record the problem before a number is lost: null often stands for NaN or infinity.`);
    if (!Number.isFinite(floats[at])) throw refusal(`${field}[${at}]`, `${field}${whose} has ${entry} at entry ${at}, but float32 reaches to 3.4028234663852886e38 only. Scale the problem down.`);
  }
  return floats;
}

function refusal(field: string, message: string): InputError {
  return new InputError([{ field, message }]);
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60);
}
