/**
 * The data set that a user's module makes: `createData(tf, { seed })` returns `{ train: { xs, ys }, validation?: { xs, ys } }`, where
 * xs may be a list of arrays, one for each input of the model. All is held in memory, as numbers of four bytes.
 */
import { engine } from '@tensorflow/tfjs-core';
import { callCreator, kindOf, type OwnModule } from '../../models/ownModule/loadOwnModule';
import type { Dataset, HostArray } from '../dataset';
import { noAugmentation } from '../moves';
import { problem, readArray } from './givenArrays';
import { labelsIn } from './labelsIn';

interface Part {
  readonly inputs: readonly HostArray[];
  readonly labels: HostArray;
}

export async function moduleData(module: OwnModule, seed: number): Promise<Dataset> {
  // Tensors that the module makes on the way, and does not keep, are gone when their values have been copied.
  engine().startScope();
  try {
    return await readData(module, seed);
  } finally {
    engine().endScope();
  }
}

async function readData(module: OwnModule, seed: number): Promise<Dataset> {
  const { file } = module;
  const given = await callCreator(module, 'createData', seed);
  const { train: trainGiven, validation: validationGiven } = fieldsOf(given, 'what it returned', ['train'], file);
  const train = await readPart(trainGiven, 'train', file);
  const validation = validationGiven === undefined ? undefined : await readPart(validationGiven, 'validation', file);
  if (validation !== undefined) checkAlike(train, validation, file);
  const examples = lengthOf(train) + (validation === undefined ? 0 : lengthOf(validation));
  if (examples < 2) throw problem('train', `has ${lengthOf(train)} examples, but there must be at least one to train on and one to validate`, 'Give more', file);
  const parts = validation === undefined ? [train] : [train, validation];
  const arrays = (part: Part) => [...part.inputs, part.labels];
  return {
    name: 'module', examples, ownValidation: validation === undefined ? 0 : lengthOf(validation), augmentation: noAugmentation,
    inputs: train.inputs.map(specificationOf), labels: specificationOf(train.labels), ...labelsIn(parts.map(({ labels }) => labels), file),
    bytes: parts.flatMap(arrays).reduce((sum, { values }) => sum + values.byteLength, 0),
    make: wanted => ({ inputs: train.inputs.map((_, place) => gathered(parts.map(({ inputs }) => inputs[place] as HostArray), wanted)), labels: gathered(parts.map(({ labels }) => labels), wanted) }),
    close: () => undefined,
  };
}

async function readPart(given: unknown, field: string, file: string): Promise<Part> {
  const { xs, ys } = fieldsOf(given, field, ['xs', 'ys'], file);
  const inputs: HostArray[] = [];
  const list: readonly unknown[] = Array.isArray(xs) ? xs : [xs];
  for (const [place, input] of list.entries()) inputs.push(asFloats(await readArray(input, `${field}.xs${list.length > 1 ? `[${place}]` : ''}`, file)));
  const labels = await readArray(ys, `${field}.ys`, file);
  for (const input of inputs) {
    if (input.shape[0] !== labels.shape[0]) throw problem(`${field}.xs`, `has the shape [${input.shape.join(', ')}] and ${field}.ys [${labels.shape.join(', ')}], but both must begin with the same number of examples`, 'Give as many labels as examples', file);
  }
  return { inputs, labels };
}

/** Whole numbers stay what they are only as labels, and as the input of layers that look things up, which take floats as well. */
function asFloats({ values, shape }: HostArray): HostArray {
  return { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) };
}

function fieldsOf(given: unknown, field: string, names: readonly string[], file: string): Partial<Record<string, unknown>> {
  const object = typeof given === 'object' && given !== null ? given as Partial<Record<string, unknown>> : {};
  if (names.some(name => object[name] === undefined)) throw problem(field, `is ${kindOf(given)}, but must be an object with ${names.join(' and ')}`, 'Return { train: { xs, ys }, validation: { xs, ys } }; validation may be left out', file);
  return object;
}

function checkAlike(train: Part, validation: Part, file: string): void {
  const shapes = ({ inputs, labels }: Part) => [...inputs, labels].map(({ shape }) => `[${shape.slice(1).join(', ')}]`).join(', ');
  if (shapes(train) !== shapes(validation)) throw problem('validation', `has examples and labels of the shapes ${shapes(validation)}, but those of train are ${shapes(train)}`, 'Give both in the same shapes', file);
}

function lengthOf({ labels: { shape: [length = 0] } }: Part): number {
  return length;
}

function specificationOf({ values, shape }: HostArray): Dataset['labels'] {
  return { shape: shape.slice(1), dtype: values instanceof Int32Array ? 'int32' : 'float32' };
}

/** The numbered examples of arrays that lie one after another. */
function gathered([train, validation]: readonly HostArray[], wanted: Uint32Array): HostArray {
  const { values, shape: [trainExamples = 0, ...shape] } = train as HostArray;
  const size = shape.reduce((product, length) => product * length, 1);
  const taken = values instanceof Int32Array ? new Int32Array(wanted.length * size) : new Float32Array(wanted.length * size);
  wanted.forEach((example, row) => {
    const [from, place] = example < trainExamples || validation === undefined ? [values, example] as const : [validation.values, example - trainExamples] as const;
    taken.set(from.subarray(place * size, (place + 1) * size), row * size);
  });
  return { values: taken, shape: [wanted.length, ...shape] };
}
