/** Gives labels the form that a model's loss compares with: class numbers, rows with a one in them, or values of the output's shape. */
import { InputError } from '../settings/problem';
import type { Dataset, HostArray } from './dataset';

export interface LossShapes {
  readonly loss: { readonly name: string };
  /** Of one example's output. */
  readonly outputShape: readonly number[];
}

/** TensorFlow.js's own rounds class numbers down, which it does to floats only. */
const ofClassNumbers: Readonly<Partial<Record<string, 'float32' | 'int32'>>> = { 'softmax cross-entropy': 'int32', 'smoothed cross-entropy': 'int32', sparseCategoricalCrossentropy: 'float32' };
const ofRows: readonly string[] = ['categoricalCrossentropy', 'softmaxCrossEntropy', 'categoricalHinge'];

export function fitLabels(dataset: Dataset, modelName: string, { loss, outputShape }: LossShapes): Dataset {
  const { labelKind, classes = 0 } = dataset;
  const width = outputShape.at(-1) ?? 1;
  const ofLabels = dataset.labels.shape.map(length => length ?? 1);
  const { [loss.name]: dtype } = ofClassNumbers;
  const takesClasses = dtype !== undefined || (ofRows.includes(loss.name) && labelKind !== 'values');
  if (takesClasses && labelKind === 'values') throw misfit(dataset, `are values to be predicted, of the shape [${dataset.labels.shape.join(', ')}], but the loss ${loss.name} of the model ${modelName} takes class numbers`, 'Give class numbers, or compile the model with another loss, for example "meanSquaredError"');
  if (takesClasses && classes > width) throw misfit(dataset, `reach ${classes - 1}, but the model ${modelName} tells ${width} classes apart, numbered from 0 to ${width - 1}`, `Give the model ${classes} outputs, or number the classes otherwise`);
  if (dtype !== undefined) {
    const inType = dtype === 'int32' ? asIntegers : asFloats;
    return labelled(dataset, { shape: [], dtype }, labels => inType(labelKind === 'oneHot' ? fromRows(labels) : labels.values));
  }
  if (ofRows.includes(loss.name) && labelKind !== 'values' && labelKind !== 'oneHot') return labelled(dataset, { shape: outputShape, dtype: 'float32' }, labels => rows(labels, width));
  return labelled(dataset, { shape: sizeOf(ofLabels) === sizeOf(outputShape) ? outputShape : ofLabels, dtype: 'float32' }, ({ values }) => asFloats(values));
}

function labelled(dataset: Dataset, labels: { readonly shape: readonly number[]; readonly dtype: 'float32' | 'int32' }, convert: (labels: HostArray) => HostArray['values']): Dataset {
  return {
    ...dataset, labels,
    make: (examples, moves) => {
      const batch = dataset.make(examples, moves);
      return { ...batch, labels: { values: convert(batch.labels), shape: [examples.length, ...labels.shape] } };
    },
  };
}

function asIntegers(values: HostArray['values']): Int32Array {
  return values instanceof Int32Array ? values : Int32Array.from(values);
}

function asFloats(values: HostArray['values']): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function fromRows({ values, shape }: HostArray): Int32Array {
  const width = shape.at(-1) ?? 1;
  return Int32Array.from({ length: values.length / width }, (_, row) => values.subarray(row * width, (row + 1) * width).indexOf(1));
}

function rows({ values }: HostArray, width: number): Float32Array {
  const made = new Float32Array(values.length * width);
  values.forEach((label: number, row: number) => { made[row * width + label] = 1; });
  return made;
}

function misfit({ name }: Dataset, what: string, remedy: string): InputError {
  return new InputError([{ field: 'data', message: `data is "${name}", whose labels ${what}. ${remedy}.` }]);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
