/**
 * Any tf.LayersModel with one output as a model of ours: its layers as nodes in the order in which tfjs-layers runs them, its trainable
 * weights as parameters, the others as buffers, its regularisers as penalties. From then on the LayersModel's own variables are gone.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { InputSpecification, Loss, Model, Node } from '../model';
import { onWeights } from '../operations/onWeights';
import { compiledLoss } from './compiledLoss';
import { fuseRelu } from './fuseRelu';
import { layerOperation } from './layerOperation';
import { internals, type LayerVariable } from './layersInternals';
import { penaltiesOf } from './penalties';
import { placeSteps } from './placeSteps';
import type { PlacedStep } from './step';
import { takeWeights, type WeightPlaces } from './weightPlaces';

export interface Translation {
  /** Default: the model's. */
  readonly name?: string;
  /** Default: what the model was compiled with. */
  readonly loss?: Loss;
  /** Names of the layers that end a block. */
  readonly blocks?: readonly string[];
  /** Whether anybody will read the initial values of its parameters; default: yes. */
  readonly isDrawn?: boolean;
}

export async function fromLayersModel(layersModel: LayersModel, { name = layersModel.name, loss, blocks, isDrawn = true }: Translation = {}): Promise<Model> {
  const model = internals(layersModel);
  if (model.outputs.length !== 1) throw new Error(`The model ${name} has ${model.outputs.length} outputs; a model that is trained here has one. Join them by a layer, or train them one after another.`);
  const chosenLoss = loss ?? compiledLoss(name, model);
  const inputs = model.inputs.map(({ shape: [, ...shape], dtype }, index): InputSpecification => ({ name: layersModel.inputNames[index] ?? '', shape, dtype: dtype === 'int32' ? 'int32' : 'float32' }));
  const weights = await takeWeights(name, model, isDrawn);
  if (model.isOptimizerOwned === true) model.optimizer_?.dispose();
  const placed = placeSteps(model);
  const numbers = new Map<number, number>(inputs.map((_, index) => [index, index]));
  // By value, whether it depends on a parameter.
  const isDependent = inputs.map(() => false);
  const nodes = fuseRelu(placed.steps, placed.output).map((step, index): Node => {
    numbers.set(step.output, inputs.length + index);
    const read = step.inputs.map(input => numbers.get(input) as number);
    const ofInputs = read.map(value => isDependent[value] ?? false);
    const node = nodeOf(step, weights, read, ofInputs);
    isDependent.push(node.parameters.length > 0 || ofInputs.includes(true));
    return node;
  });
  const { parameters, buffers, whereIs } = weights;
  return { name, inputs, parameters, buffers, nodes, penalties: penaltiesOf(model, whereIs), loss: chosenLoss, ...(blocks === undefined ? {} : { blocks }) };
}

function nodeOf({ name, step, source: line }: PlacedStep, weights: WeightPlaces, inputs: readonly number[], isDependent: readonly boolean[]): Node {
  const source = line === undefined ? {} : { source: line };
  if (step.kind === 'plain') return { name, ...source, inputs, parameters: [], buffers: [], operation: step.operation };
  if (step.kind === 'weighted') {
    const { parameters, buffers } = divided(step.weights, weights);
    const trained = step.weights.map(variable => 'parameter' in weights.placeOf(variable));
    const operation = onWeights(step.operation(step.relu), step.weights.map(({ shape }) => shape), trained);
    return { name, ...source, inputs, parameters, buffers: [...buffers, ...divided(step.statistics, weights).buffers], operation };
  }
  const { parameters, buffers, ...layerWeights } = divided(step.layer.weights, weights);
  return { name, ...source, inputs, parameters, buffers, operation: layerOperation(name, step, layerWeights, isDependent) };
}

function divided(variables: readonly LayerVariable[], weights: WeightPlaces) {
  const parameters: number[] = [];
  const buffers: number[] = [];
  const trained: LayerVariable[] = [];
  const others: LayerVariable[] = [];
  for (const variable of variables) {
    const place = weights.placeOf(variable);
    if ('parameter' in place) {
      parameters.push(place.parameter);
      trained.push(variable);
    } else {
      buffers.push(place.buffer);
      others.push(variable);
    }
  }
  return { parameters, buffers, trained, others };
}
