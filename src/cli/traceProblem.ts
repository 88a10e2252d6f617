/** The recorded problem that `efcp trace` replays: checked where it is read, its gradients step by step. */
import type { Settings } from '../settings/knobs';
import { optimizers, type Optimizer } from '../settings/optimizers';
import { resolveOptimizerSettings } from '../settings/optimizerSettings';
import { InputError, type Problem } from '../settings/problem';
import type { ParameterView } from '../optimizers/transformation';
import { listParts, objectParts, parsePart, wholeDocument, type JsonPart } from './jsonParts';
import { checkedFloats, checkedParameters } from './traceValues';

export interface TraceProblem {
  readonly settings: Settings;
  readonly parameters: readonly ParameterView[];
  readonly steps: number;
  /** Writes the gradients of a step, counted from 1, to `vector` [d], in the order of the parameters. */
  readonly readGradients: (step: number, vector: Float32Array) => void;
}

const keys = ['optimizer', 'settings', 'parameters', 'gradients'] as const;

/** Throws InputError with every problem found but in gradients, which are checked as they are read. */
export function parseTraceProblem(bytes: Buffer): TraceProblem {
  const parts = objectParts(bytes, wholeDocument(bytes));
  if (parts === undefined) throw new InputError([{ field: '', message: `A problem is a JSON object with ${keys.join(', ')}, but this is something else. See efcp trace --help.` }]);
  const unknown = [...parts.keys()].filter(key => !(keys as readonly string[]).includes(key));
  const problems: Problem[] = unknown.map(key => ({ field: key, message: `"${key}" is not a key of a problem. Remove it; the keys are ${keys.join(', ')}.` }));
  const collect = <Result>(read: () => Result): Result | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const settings = collect(() => settingsOf(bytes, parts));
  const parameters = collect(() => checkedParameters(bytes, parts.get('parameters')));
  const gradients = collect(() => stepsOf(bytes, parts.get('gradients')));
  if (problems.length > 0 || settings === undefined || parameters === undefined || gradients === undefined) throw new InputError(problems);
  return { settings, parameters, steps: gradients.length, readGradients: (step, vector) => { readStep(bytes, gradients[step - 1], step, parameters, vector); } };
}

function settingsOf(bytes: Buffer, parts: ReadonlyMap<string, JsonPart>): Settings {
  const [named, given] = ['optimizer', 'settings'].map(key => parts.get(key)).map(part => part === undefined ? undefined : parsePart(bytes, part));
  const optimizer = optimizerNamed(named);
  if (optimizer !== undefined) return resolveOptimizerSettings(optimizer, given ?? {});
  throw new InputError([{ field: 'optimizer', message: `optimizer is ${named === undefined ? 'missing' : JSON.stringify(named)}, but must be one of ${optimizers.join(', ')}. Name one of these; "adam" stands for adamw.` }]);
}

function optimizerNamed(name: unknown): Optimizer | undefined {
  return name === 'adam' ? 'adamw' : optimizers.find(optimizer => optimizer === name);
}

function stepsOf(bytes: Buffer, part: JsonPart | undefined): JsonPart[] {
  const steps = part === undefined ? undefined : listParts(bytes, part);
  if (steps === undefined) throw new InputError([{ field: 'gradients', message: `gradients ${part === undefined ? 'are missing' : 'are no list'}, but must be a list with, for each step, a list with, for each parameter, a flat list of numbers. Write [] for no step.` }]);
  return steps;
}

function readStep(bytes: Buffer, part: JsonPart | undefined, step: number, parameters: readonly ParameterView[], vector: Float32Array): void {
  const lists = part === undefined ? undefined : listParts(bytes, part);
  const field = `gradients[${step - 1}]`;
  if (lists?.length !== parameters.length) {
    const found = lists === undefined ? 'is no list' : `has ${lists.length} lists`;
    throw new InputError([{ field, message: `${field}, of step ${step}, ${found}, but must have one flat list for each of the ${parameters.length} parameters: ${parameters.map(({ name }) => name).join(', ')}. Give them in this order.` }]);
  }
  let start = 0;
  lists.forEach((list, index) => {
    const { name = '', values = new Float32Array() } = parameters[index] ?? {};
    vector.set(checkedFloats(parsePart(bytes, list), values.length, `${field}[${index}]`, `, the gradient of ${name} at step ${step},`), start);
    start += values.length;
  });
}
