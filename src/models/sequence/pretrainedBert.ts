/**
 * Weights of a BERT encoder from a safetensors file, by the names of published checkpoints, with or without `bert.` before them. Linear
 * maps are stored [outputs, inputs] there. Normalisations call their weights weight and bias, or gamma and beta. The classifier stays
 * as it is: it is what fine-tuning begins with.
 */
import { tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError, type Problem } from '../../settings/problem';
import { internals, type LayerVariable } from '../layersModel/layersInternals';
import { SafetensorsFile, type NamedTensor } from '../safetensors';

/** Throws InputError, with every tensor that is missing or of another shape. */
export function loadPretrainedBert(model: LayersModel, file: string): void {
  const opened = SafetensorsFile.open('pretrained', file);
  try {
    const problems: Problem[] = [];
    for (const layer of internals(model).layers) {
      if (layer.name === 'classifier') continue;
      for (const weight of layer.weights) {
        try {
          assign(weight, layer.name, opened);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          problems.push(...error.problems);
        }
      }
    }
    if (problems.length > 0) throw new InputError(problems);
  } finally {
    opened.close();
  }
}

function assign(weight: LayerVariable, layer: string, file: SafetensorsFile): void {
  const kind = weight.originalName.split('/').at(-1) ?? '';
  const name = publishedName(layer, kind, file);
  const stored = file.read(name);
  const isTransposed = kind === 'kernel';
  const expected = isTransposed ? weight.shape.toReversed() : weight.shape;
  if (stored.shape.join() !== expected.join()) {
    const remedy = name.endsWith('word_embeddings.weight') ? 'Its vocabulary must go with it: set vocabularyFile to the vocab.txt that was published with the weights' : 'Choose the model of the same size';
    throw file.problem(`has the tensor ${name} in the shape [${stored.shape.join(', ')}], where the model has [${expected.join(', ')}]. ${remedy}`);
  }
  const values = tensor(isTransposed ? transposed(stored) : stored.values, [...weight.shape]);
  weight.write(values);
  values.dispose();
}

function publishedName(layer: string, kind: string, file: SafetensorsFile): string {
  const stem = layer.replaceAll('/', '.');
  const endings = { kernel: ['weight'], embeddings: ['weight'], bias: ['bias'], gamma: ['weight', 'gamma'], beta: ['bias', 'beta'] }[kind] ?? [kind];
  const names = endings.flatMap(ending => [`bert.${stem}.${ending}`, `${stem}.${ending}`]);
  const found = names.find(name => file.has(name));
  if (found === undefined) throw file.problem(`has no tensor ${names.join(' or ')}. Give the whole encoder of a published BERT`);
  return found;
}

function transposed({ shape: [rows = 0, columns = 0], values }: NamedTensor): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column] ?? 0;
  return turned;
}
