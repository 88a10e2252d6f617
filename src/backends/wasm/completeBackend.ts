/** Puts our kernels in the place of TensorFlow.js's, or beside them, so that the wasm backend trains everything and fast. */
import { getKernel, registerKernel, unregisterKernel, type KernelConfig } from '@tensorflow/tfjs-core';
import { Heap } from './heap';
import type { CompletedKernel } from './kernel';
import { readKernels } from './kernelModule';
import { fusedBatchNorm } from './kernels/batchNorm';
import { batchNormTraining, batchNormTrainingGradient } from './kernels/batchNormTraining';
import { binaryKernels } from './kernels/binary';
import { cast } from './kernels/cast';
import { conv2d, conv2dInputGradient } from './kernels/convolution';
import { exponentialSums, smoothedGradient } from './kernels/crossEntropy';
import { depthwiseFilterGradient, depthwiseInputGradient } from './kernels/depthwise';
import { dropout } from './kernels/dropout';
import { einsum } from './kernels/einsum';
import { conv2dFilterGradient } from './kernels/filterGradient';
import { fusedConv2d, fusedDepthwiseConv2d, fusedMatMul } from './kernels/fused';
import { gatherV2 } from './kernels/gather';
import { gelu, geluGradient } from './kernels/gelu';
import { packHalf, unpackHalf } from './kernels/half';
import { identity } from './kernels/identity';
import { layerNorm, layerNormGradient } from './kernels/layerNorm';
import { batchMatMul } from './kernels/matMul';
import { reluGradient, select } from './kernels/mask';
import { avgPoolGrad, maxPoolGrad } from './kernels/poolingGradient';
import { prelu } from './kernels/prelu';
import { reverse, slice, stridedSlice, transpose } from './kernels/rearrangement';
import { mean, sum } from './kernels/reduction';
import { unsortedSegmentSum } from './kernels/segmentSum';
import { sequenceConvolution, sequenceConvolutionInputGradient, sequenceConvolutionKernelGradient } from './kernels/sequenceConvolution';
import { tile } from './kernels/tile';
import { clipByValue, unaryKernels } from './kernels/unary';
import { registerSumGradients } from './sumGradients';
import type { WasmBackend } from './wasmBackend';

const kernels: readonly CompletedKernel[] = [
  avgPoolGrad, batchMatMul, batchNormTraining, batchNormTrainingGradient, ...binaryKernels, cast, clipByValue, conv2d, conv2dFilterGradient, conv2dInputGradient, depthwiseFilterGradient, depthwiseInputGradient, dropout, einsum, exponentialSums,
  fusedBatchNorm, fusedConv2d, fusedDepthwiseConv2d, fusedMatMul, gatherV2, gelu, geluGradient, identity, layerNorm, layerNormGradient,
  maxPoolGrad, mean, packHalf, prelu, reluGradient, reverse, select, sequenceConvolution, sequenceConvolutionInputGradient, sequenceConvolutionKernelGradient, slice, smoothedGradient, stridedSlice, sum, tile, transpose, ...unaryKernels, unpackHalf, unsortedSegmentSum,
];

let isComplete = false;

/** Once for a process: kernels belong to the name of a backend, and find the heap of the one that calls them. */
export function completeBackend(assets: string): void {
  if (isComplete) return;
  isComplete = true;
  registerSumGradients();
  const heapOf = heapsOf(readKernels(assets));
  for (const completed of kernels) {
    const { kernelName } = completed;
    const stock = getKernel(kernelName, 'wasm') as KernelConfig | undefined;
    if (stock !== undefined) unregisterKernel(kernelName, 'wasm');
    // The stock set-up prepares the wasm functions that the stock kernel goes on using.
    registerKernel({ ...stock, kernelName, backendName: 'wasm', kernelFunc: completed.kernelFunc(heapOf, stock?.kernelFunc) });
  }
}

function heapsOf(module: WebAssembly.Module): (backend: object) => Heap {
  const heaps = new WeakMap<object, Heap>();
  return backend => {
    let heap = heaps.get(backend);
    if (heap === undefined) {
      heap = new Heap(module, backend as WasmBackend);
      heaps.set(backend, heap);
    }
    return heap;
  };
}
