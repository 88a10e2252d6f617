/** The layers of tfjs-layers that have operations of their own, as tfjs-layers 4.22 computes them; options that they lack leave a layer to the tape. */
import { batchNormalization } from '../operations/batchNormalization';
import { activation } from '../operations/activation';
import { concatenation } from '../operations/concatenation';
import { convolution } from '../operations/convolution';
import { dense } from '../operations/dense';
import { depthwiseConvolution } from '../operations/depthwiseConvolution';
import { dropout } from '../operations/dropout';
import { embedding } from '../operations/embedding';
import { globalAveragePooling } from '../operations/globalAveragePooling';
import { layerNormalization } from '../operations/layerNormalization';
import { pooling } from '../operations/pooling';
import { flattening, reshaping } from '../operations/reshaping';
import { sum } from '../operations/sum';
import { zeroPadding } from '../operations/zeroPadding';
import { activationSteps, rectification } from './activationSteps';
import { stockClassOf, type Layer, type LayerVariable, type SymbolicTensor } from './layersInternals';
import { isExplicit, type PlainStep, type Step, type WeightedStep } from './step';

/** Options of stock layers, which their classes keep to themselves. */
interface Options {
  readonly dataFormat?: string;
  readonly padding: 'same' | 'valid' | 'causal' | readonly (readonly [number, number])[];
  readonly strides: readonly [number, number];
  readonly dilationRate: readonly [number, number];
  readonly poolSize: readonly [number, number];
  readonly activation: object & { getClassName(): string };
  readonly kernel: LayerVariable;
  readonly depthwiseKernel: LayerVariable;
  readonly embeddings: LayerVariable;
  readonly bias?: LayerVariable | null;
  readonly gamma?: LayerVariable | null;
  readonly beta?: LayerVariable | null;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
  readonly axis: number | readonly number[];
  readonly momentum: number;
  readonly epsilon: number;
  readonly rate: number;
  readonly seed?: number | null;
  readonly noiseShape?: readonly (number | null)[] | null;
  readonly maxValue?: number | null;
}

type Maker = (options: Options, input: SymbolicTensor, symbolic: SymbolicTensor) => readonly Step[] | undefined;

const makers: Readonly<Partial<Record<string, Maker>>> = {
  Conv2D: (options, input) => convolved(options, input, options.kernel, options.dilationRate, convolution),
  // tfjs-layers ignores this layer's dilation.
  DepthwiseConv2D: (options, input) => convolved(options, input, options.depthwiseKernel, [1, 1], depthwiseConvolution),
  Dense: ({ kernel, bias, activation: after }, { shape }) => {
    if (shape.length < 2) return undefined;
    const hasBias = bias != null;
    return withActivation(weighted([kernel, ...(hasBias ? [bias] : [])], relu => dense({ hasBias, relu })), after);
  },
  BatchNormalization: ({ axis, gamma, beta, momentum, epsilon, movingMean, movingVariance }, { shape }) => {
    const isLast = axis === -1 || axis === shape.length - 1;
    if (!isLast || shape.length < 2 || shape.length > 4) return undefined;
    const [scale, center] = [gamma != null, beta != null];
    return [{
      ...weighted([gamma, beta].filter(weight => weight != null), relu => batchNormalization({ momentum, epsilon, center, scale, relu })), statistics: [movingMean, movingVariance],
    }];
  },
  LayerNormalization: ({ axis, gamma, beta, epsilon }, { shape }) => {
    const axes = [axis].flat();
    if (axes.length !== 1 || axes[0] !== shape.length - 1 || shape.length > 4) return undefined;
    const [scale, center] = [gamma != null, beta != null];
    return [weighted([gamma, beta].filter(weight => weight != null), () => layerNormalization({ epsilon, center, scale }), false)];
  },
  Embedding: ({ embeddings }, input, { shape }) => (
    shape.length === input.shape.length + 1 ? [weighted([embeddings], () => embedding(), false)] : undefined
  ),
  Activation: ({ activation: name }) => activationSteps(name),
  ReLU: ({ maxValue }) => (maxValue == null ? [rectification()] : undefined),
  Softmax: ({ axis }, { shape }) => (axis === -1 || axis === shape.length - 1 ? [plain(activation('softmax'))] : undefined),
  Add: (_, __, { inputs }) => (new Set(inputs.map(({ shape }) => shape.join())).size === 1 ? [plain(sum())] : undefined),
  // tfjs-layers takes every negative axis for the last.
  Concatenate: ({ axis }) => (typeof axis === 'number' ? [plain(concatenation(axis < 0 ? -1 : axis))] : undefined),
  MaxPooling2D: options => pooled(options, 'max'),
  AveragePooling2D: options => pooled(options, 'average'),
  GlobalAveragePooling1D: () => [plain(globalAveragePooling())],
  GlobalAveragePooling2D: options => (isChannelsLast(options) ? [plain(globalAveragePooling())] : undefined),
  Flatten: options => (isChannelsLast(options) ? [plain(flattening())] : undefined),
  Reshape: (_, __, { shape: [, ...shape] }) => (isKnown(shape) ? [plain(reshaping(([batch = 0]) => [batch, ...shape]))] : undefined),
  ZeroPadding2D: options => {
    const { padding } = options;
    if (typeof padding === 'string' || !isChannelsLast(options)) return undefined;
    return [plain(zeroPadding([[0, 0], ...padding, [0, 0]]))];
  },
  Dropout: ({ rate, seed, noiseShape }) => [plain(dropout({ rate: rate < 1 ? rate : 0, ...(seed == null ? {} : { seed }), ...(noiseShape == null ? {} : { noiseShape }) }))],
  SpatialDropout1D: ({ rate, seed }) => [plain(dropout({ rate: rate < 1 ? rate : 0, ...(seed == null ? {} : { seed }), noiseShape: [null, 1, null] }))],
};

/** One step after another, each on the output of the one before; undefined where the layer has no operation of its own. */
export function explicitSteps(layer: Layer, symbolic: SymbolicTensor): readonly Step[] | undefined {
  if (isExplicit(layer)) return layer.explicitSteps(symbolic.inputs);
  const name = stockClassOf(layer);
  const [input] = symbolic.inputs;
  if (name === undefined || input === undefined) return undefined;
  return makers[name]?.(layer as unknown as Options, input, symbolic);
}

function convolved(options: Options, { shape }: SymbolicTensor, filter: LayerVariable, dilations: readonly [number, number], kind: typeof convolution): readonly Step[] | undefined {
  const { padding, strides, bias } = options;
  if (!isChannelsLast(options) || shape.length !== 4 || (padding !== 'same' && padding !== 'valid')) return undefined;
  const hasBias = bias != null;
  return withActivation(weighted([filter, ...(hasBias ? [bias] : [])], relu => kind({ strides, pad: padding, dilations, hasBias, relu })), options.activation);
}

function pooled(options: Options, kind: 'max' | 'average'): readonly Step[] | undefined {
  const { padding, strides, poolSize } = options;
  if (!isChannelsLast(options) || (padding !== 'same' && padding !== 'valid')) return undefined;
  return [plain(pooling({ kind, size: poolSize, strides, pad: padding }))];
}

function weighted(weights: readonly LayerVariable[], operation: WeightedStep['operation'], takesRelu = true): WeightedStep {
  return { kind: 'weighted', weights, statistics: [], relu: false, operation, takesRelu };
}

function withActivation(step: WeightedStep, after: Options['activation']): readonly Step[] {
  return [step, ...activationSteps(after)];
}

function plain(operation: PlainStep['operation']): PlainStep {
  return { kind: 'plain', operation, isRelu: false };
}

function isChannelsLast({ dataFormat }: Options): boolean {
  return dataFormat === undefined || dataFormat === 'channelsLast';
}

function isKnown(shape: readonly (number | null)[]): shape is readonly number[] {
  return shape.every(length => length !== null);
}
