/** Registers the device kernels for one backend: WGSL for webgpu, operations of TensorFlow.js for every other. */
import { getKernel, registerKernel, type KernelFunc, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BlockLayout } from './blockLayout';
import { topKIndices } from './operations/blockTopK';
import * as operationCombination from './operations/combination';
import * as operationDots from './operations/dots';
import * as operationMoves from './operations/moves';
import * as operationPower from './operations/powerOfTwo';
import type { RowFormat } from './rowFormat';
import * as shaderTopK from './webgpu/blockTopK';
import * as shaderCombination from './webgpu/combination';
import * as shaderDots from './webgpu/dots';
import * as shaderMoves from './webgpu/moves';
import * as packing from './webgpu/packing';
import * as shaderPower from './webgpu/powerOfTwo';
import * as quantization from './webgpu/quantization';

type Inputs = Readonly<Record<'x' | 'runs' | 'rows' | 'source' | 'values' | 'indices' | 'powers' | 'dense' | 'power' | 'weights' | 'packed' | 'codes' | 'grids', Tensor>>;
interface Attributes {
  readonly layout: BlockLayout;
  readonly format: RowFormat;
  readonly count: number;
  readonly dimension: number;
  readonly scale: number;
  readonly bits: 8 | 4;
  readonly blockLength: number;
  readonly slot: number;
  readonly from: number;
}
type Kernel = (inputs: Inputs, attributes: Attributes, backend: unknown) => TensorInfo;

const operations: Readonly<Record<string, Kernel>> = {
  BlockTopK: ({ x }, { layout }) => topKIndices(x, layout),
  TakeEntries: inputs => operationMoves.takeEntries(inputs),
  ExpandRow: (inputs, attributes) => operationMoves.expandRow(inputs, attributes),
  CopyRow: (inputs, attributes) => operationMoves.copyRow(inputs, attributes),
  PowerOfTwo: ({ x }) => operationPower.powerOfTwo(x),
  DenseDots: (inputs, { count }) => operationDots.denseDots(inputs, count),
  SparseDots: (inputs, { count }) => operationDots.sparseDots(inputs, count),
  DenseCombination: (inputs, attributes) => operationCombination.denseCombination(inputs, attributes),
  SparseCombination: (inputs, attributes) => operationCombination.sparseCombination(inputs, attributes),
};

const shaders: Readonly<Record<string, Kernel>> = {
  BlockTopK: (inputs, { layout }, backend) => shaderTopK.topKIndices(backend, inputs, sizesOf(layout)),
  TakeEntries: (inputs, _attributes, backend) => shaderMoves.takeEntries(backend, inputs),
  ExpandRow: (inputs, attributes, backend) => shaderMoves.expandRow(backend, inputs, attributes),
  CopyRow: (inputs, attributes, backend) => shaderMoves.copyRow(backend, inputs, attributes),
  PowerOfTwo: (inputs, _attributes, backend) => shaderPower.powerOfTwo(backend, inputs),
  DenseDots: (inputs, { count }, backend) => shaderDots.denseDots(backend, inputs, { count, kept: inputs.dense.size }),
  SparseDots: (inputs, { count, layout, format }, backend) => shaderDots.sparseDots(backend, inputs, { count, ...sizesOf(layout), format }),
  DenseCombination: (inputs, attributes, backend) => shaderCombination.denseCombination(backend, inputs, attributes),
  SparseCombination: (inputs, attributes, backend) => shaderCombination.sparseCombination(backend, inputs, { ...attributes, ...sizesOf(attributes.layout) }),
  PackBfloat16: (inputs, _attributes, backend) => packing.packBfloat16(backend, inputs),
  UnpackBfloat16: (inputs, attributes, backend) => packing.unpackBfloat16(backend, inputs, attributes),
  PackIndices: (inputs, { layout }, backend) => packing.packIndices(backend, inputs, sizesOf(layout)),
  UnpackIndices: (inputs, { layout }, backend) => packing.unpackIndices(backend, inputs, { count: layout.kept, ...sizesOf(layout) }),
  QuantizationGrids: (inputs, attributes, backend) => quantization.quantizationGrids(backend, inputs, attributes),
  PackCodes: (inputs, attributes, backend) => quantization.packCodes(backend, inputs, attributes),
  UnpackCodes: (inputs, attributes, backend) => quantization.unpackCodes(backend, inputs, attributes),
};

function sizesOf({ kept, blocks, tiles, runs }: BlockLayout) {
  return { kept, blocks, tiles, runCount: runs.length, longest: Math.max(...runs.map(({ blockSize }) => blockSize)) };
}

export function registerDeviceKernels(backendName: string): void {
  const kernels = backendName === 'webgpu' ? shaders : operations;
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const registered = getKernel(kernelName, backendName) as ReturnType<typeof getKernel> | undefined;
    const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => kernel(inputs as Inputs, attrs as unknown as Attributes, backend);
    if (registered === undefined) registerKernel({ kernelName, backendName, kernelFunc });
  }
}
