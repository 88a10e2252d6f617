/** Makes a data set fit a model: inputs where both have as many numbers, so that an image of 28 by 28 serves for [784], and labels. */
import { InputError } from '../settings/problem';
import type { Dataset } from './dataset';
import { fitLabels, type LossShapes } from './fitLabels';

/** What a model says of itself. */
export interface ModelShapes extends LossShapes {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | null)[] }[];
}

/** The same numbers, in the shapes of the model's inputs. Throws InputError where they do not fit. */
export function fitDataset(dataset: Dataset, model: ModelShapes): Dataset {
  if (dataset.labelKind === 'tokens' || dataset.sequences !== undefined) return fitSequences(dataset, model);
  if (!fits(dataset, model)) throw new InputError([{ field: 'data', message: misfit(dataset, model) }]);
  const shapes = model.inputs.map(({ shape }) => shape);
  const shapeOf = (place: number): readonly number[] => known(shapes[place] ?? []);
  const fitted: Dataset = {
    ...dataset, inputs: dataset.inputs.map(({ dtype }, place) => ({ dtype, shape: shapeOf(place) })),
    make: (examples, moves) => {
      const { inputs, labels } = dataset.make(examples, moves);
      return { labels, inputs: inputs.map(({ values }, place) => ({ values, shape: [examples.length, ...shapeOf(place)] })) };
    },
  };
  return fitLabels(fitted, model.name, model);
}

function fits({ inputs }: Dataset, model: ModelShapes): boolean {
  return inputs.length === model.inputs.length && inputs.every(({ shape }, place) => sizeOf(shape) === sizeOf(model.inputs[place]?.shape ?? []));
}

function misfit(dataset: Dataset, { name, inputs }: ModelShapes): string {
  const asked = inputs.map(input => `${input.name} [${input.shape.map(length => length ?? 'any').join(', ')}]`).join(' and ');
  const given = dataset.inputs.map(({ shape }) => `[${shape.map(length => length ?? 'any').join(', ')}]`).join(' and ');
  return `data is "${dataset.name}", whose examples have the shape ${given}, but the model ${name} takes ${asked}. Choose a model for such examples, or another data set.`;
}

/** Sequences keep the lengths that their batches have; only their number and their labels can be wrong. */
function fitSequences(dataset: Dataset, model: ModelShapes): Dataset {
  const { inputs } = model;
  const isAlike = inputs.length === dataset.inputs.length && inputs.every(({ shape }, place) => shape.length === dataset.inputs[place]?.shape.length);
  if (!isAlike) throw new InputError([{ field: 'data', message: misfit(dataset, model) }]);
  return dataset.labelKind === 'tokens' ? dataset : fitLabels(dataset, model.name, model);
}

function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, length) => product * (length ?? Number.NaN), 1);
}

/** Of a shape whose lengths are all said. */
function known(shape: readonly (number | null)[]): number[] {
  return shape.map(length => {
    if (length === null) throw new Error('A length that differs from batch to batch fits sequences only.');
    return length;
  });
}
