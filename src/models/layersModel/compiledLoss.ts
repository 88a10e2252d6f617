/**
 * The loss that a LayersModel was compiled with, as tfjs-layers computes it: the mean of what its function returns. It runs under
 * TensorFlow.js's own tape; what that saves is kept until the backward pass.
 */
import { dispose, losses as coreLosses, mean, mul, ones, reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { TapeNode } from '../../backends/engine';
import type { Loss } from '../model';
import { present } from '../operations/onWeights';
import { record, walkBack } from '../operations/recordedTape';
import { countCorrect } from '../softmaxCrossEntropy';
import type { Compiled } from './layersInternals';

interface Recording {
  readonly nodes: readonly TapeNode[];
  /** For each node, places among the extras; -1 for the labels. */
  readonly places: readonly (readonly number[])[];
  readonly shapes: readonly (readonly (readonly number[])[])[];
  readonly output: Tensor;
  readonly loss: Tensor;
}

type LossFunction = (labels: Tensor, output: Tensor) => Tensor;

export function compiledLoss(modelName: string, { loss: given, lossFunctions = [] }: Compiled): Loss {
  const [lossFunction] = lossFunctions;
  if (lossFunction === undefined) throw new Error(`The model ${modelName} was not compiled, so there is no loss to train it by. Call model.compile({ optimizer: 'sgd', loss: ... }); the optimizer named there is not used.`);
  const chosen: unknown = Array.isArray(given) ? given[0] : given;
  const name = typeof chosen === 'string' ? chosen : lossFunction.name || 'loss';
  const rule = labelRules[name] ?? (chosen === coreLosses.softmaxCrossEntropy ? labelRules['softmaxCrossEntropy'] : undefined);
  return {
    name,
    forward(output, labels) {
      rule?.check(name, output, labels);
      return recorded(lossFunction, output, labels);
    },
    backward(scale, extras, labels, recording) {
      const { nodes, places, shapes, output, loss } = recording as Recording;
      nodes.forEach((node, number) => {
        const saved = node.saved as Tensor[];
        places[number]?.forEach((place, position) => {
          const tensor = place < 0 ? labels : present(extras[place]);
          saved[position] = reshape(tensor, [...present(shapes[number]?.[position])]);
        });
      });
      const outputGradient = scale === 1 ? ones([]) : mul(ones([]), scale);
      const [terms = []] = walkBack({ nodes, output: loss, outputGradient, sources: [output], apart: false });
      if (terms[0] === undefined) throw new Error(`The loss ${name} has no gradient: it does not depend on the model's output by operations that have one.`);
      return terms[0];
    },
    ...(rule?.countCorrect === undefined ? {} : { countCorrect: rule.countCorrect }),
  };
}

function recorded(lossFunction: LossFunction, output: Tensor, labels: Tensor): ReturnType<Loss['forward']> {
  // A loss may come back with a dimension for each example, or as a scalar.
  const { result: loss, nodes } = record(() => mean(lossFunction(labels, output)), () => [output], result => result);
  const extras: Tensor[] = [];
  const homes = new Map<object, number>([[labels.dataId, -1]]);
  const shapes = nodes.map(({ saved }) => saved.map(({ shape }) => shape));
  const places = nodes.map(({ saved }) => saved.map(tensor => {
    const known = homes.get(tensor.dataId);
    if (known !== undefined) {
      dispose(tensor);
      return known;
    }
    const place = extras.push(tensor) - 1;
    homes.set(tensor.dataId, place);
    return place;
  }));
  return { loss, extras, recording: { nodes, places, shapes, output, loss } satisfies Recording };
}

interface LabelRule {
  /** Throws where the labels do not fit. */
  readonly check: (name: string, output: Tensor, labels: Tensor) => void;
  readonly countCorrect?: Loss['countCorrect'];
}

const classNumbers: LabelRule = {
  check(name, output, labels) {
    const rows = output.size / present(output.shape.at(-1));
    if (labels.size !== rows) throw new Error(`The loss ${name} takes one class number for each row of the output, ${rows} here; the labels have shape [${labels.shape.join(', ')}].`);
  },
  countCorrect,
};

/** TensorFlow.js would broadcast labels of another shape, silently. */
function checkSameShape(name: string, output: Tensor, labels: Tensor): void {
  if (output.shape.join() === labels.shape.join()) return;
  throw new Error(`The loss ${name} takes labels of the output's shape [${output.shape.join(', ')}]; they have shape [${labels.shape.join(', ')}].`);
}

const oneHotRows: LabelRule = {
  check: checkSameShape,
  countCorrect: (output, labels, rows) => countCorrect(output, Array.from({ length: rows }, (_, row) => largestOf(labels, row, labels.length / rows)), rows),
};
const sameShape: LabelRule = { check: checkSameShape };
const signs: LabelRule = {
  check: checkSameShape,
  countCorrect: (output, labels) => Array.from(labels).filter((label, index) => (label > 0.5) === ((output[index] ?? 0) > 0.5)).length,
};

const labelRules: Readonly<Partial<Record<string, LabelRule>>> = {
  sparseCategoricalCrossentropy: classNumbers, categoricalCrossentropy: oneHotRows, softmaxCrossEntropy: oneHotRows, categoricalHinge: oneHotRows, binaryCrossentropy: signs,
  meanSquaredError: sameShape, meanAbsoluteError: sameShape, meanAbsolutePercentageError: sameShape, meanSquaredLogarithmicError: sameShape,
  squaredHinge: sameShape, hinge: sameShape, logcosh: sameShape, kullbackLeiblerDivergence: sameShape, poisson: sameShape, cosineProximity: sameShape,
};

function largestOf(values: ArrayLike<number>, row: number, width: number): number {
  let best = 0;
  for (let index = 1; index < width; index++) if ((values[row * width + index] ?? 0) > (values[row * width + best] ?? 0)) best = index;
  return best;
}
