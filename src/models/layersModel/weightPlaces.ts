/** Where the weights of a LayersModel lie in ours, with their values: those that it trains are parameters, in its order, the others buffers. */
import { sizeOf, type BufferSpecification, type ParameterSpecification } from '../model';
import { isContainer, type Container, type Layer, type LayerVariable } from './layersInternals';
import { detach } from './lentWeights';
import type { WhereIs } from './penalties';

export interface WeightPlaces {
  readonly parameters: readonly ParameterSpecification[];
  readonly buffers: readonly BufferSpecification[];
  readonly whereIs: WhereIs;
  readonly placeOf: (variable: LayerVariable) => { readonly parameter: number } | { readonly buffer: number };
}

/** Reads the values, those of parameters where they are drawn, and leaves the LayersModel without its variables. */
export async function takeWeights(name: string, model: Container, isDrawn: boolean): Promise<WeightPlaces> {
  const names = namesOf(model);
  const trained = [...new Set(model.trainableWeights)];
  if (trained.length === 0) throw new Error(`The model ${name} has no trainable weights. Set layer.trainable = true on the layers to train.`);
  const isTrained = new Set(trained);
  const others = [...names.keys()].filter(variable => !isTrained.has(variable));
  const described = (variable: LayerVariable) => {
    const weightName = names.get(variable) ?? variable.name;
    if (variable.dtype !== 'float32') throw new Error(`The weight ${weightName} of the model ${name} is of type ${variable.dtype}; weights here are float32.`);
    return { name: weightName, shape: [...variable.shape] };
  };
  const taken = async (variable: LayerVariable) => {
    const { name: weightName, shape } = described(variable);
    // On webgpu values are awaited, never read at once.
    const initial = Float32Array.from(await variable.read().data());
    if (initial.length !== sizeOf(variable.shape)) throw new Error(`The weight ${weightName} of the model ${name} has ${initial.length} values for the shape [${variable.shape.join(', ')}].`);
    return { name: weightName, shape, initial };
  };
  const parameters = await Promise.all(trained.map(async variable => ({ ...isDrawn ? await taken(variable) : described(variable), deviation: 0 })));
  const buffers = await Promise.all(others.map(taken));
  for (const variable of [...trained, ...others]) detach(variable);
  const [parameterAt, bufferAt] = [placesIn(trained), placesIn(others)];
  const placeOf: WeightPlaces['placeOf'] = variable => {
    const parameter = parameterAt.get(variable);
    if (parameter !== undefined) return { parameter };
    const buffer = bufferAt.get(variable);
    if (buffer === undefined) throw new Error(`The weight ${variable.name} belongs to no layer of the model ${name}.`);
    return { buffer };
  };
  return {
    parameters, buffers, placeOf,
    whereIs: variable => {
      const place = placeOf(variable);
      return 'parameter' in place ? place : { frozen: (buffers[place.buffer] as BufferSpecification).initial };
    },
  };
}

function placesIn(variables: readonly LayerVariable[]): Map<LayerVariable, number> {
  return new Map(variables.map((variable, place) => [variable, place]));
}

/** Unique names of all weights: the layer's, behind those of the models that it is in, and the weight's own. */
function namesOf(model: Container): Map<LayerVariable, string> {
  const names = new Map<LayerVariable, string>();
  const used = new Set<string>();
  const visit = (layer: Layer, prefix: string) => {
    if (isContainer(layer)) {
      for (const inner of layer.layers) visit(inner, layer === model ? '' : `${prefix}${layer.name}/`);
      return;
    }
    for (const variable of layer.weights) {
      if (names.has(variable)) continue;
      const name = `${prefix}${layer.name}/${variable.originalName.split('/').at(-1) ?? variable.originalName}`;
      let unused = name;
      for (let number = 2; used.has(unused); number++) unused = `${name}:${number}`;
      used.add(unused);
      names.set(variable, unused);
    }
  };
  visit(model, '');
  return names;
}
