/** Puts our kernels in the place of TensorFlow.js's, or beside them, so that the wasm backend trains everything and fast. */
import { getKernel, registerKernel, unregisterKernel, type KernelConfig } from '@tensorflow/tfjs-core';
import type { Heap } from './heap';
import type { CompletedKernel } from './kernel';
import { fusedBatchNorm } from './kernels/batchNorm';
import { binaryKernels } from './kernels/binary';
import { cast } from './kernels/cast';
import { conv2d, conv2dInputGradient } from './kernels/convolution';
import { depthwiseFilterGradient, depthwiseInputGradient } from './kernels/depthwise';
import { einsum } from './kernels/einsum';
import { conv2dFilterGradient } from './kernels/filterGradient';
import { gatherV2 } from './kernels/gather';
import { identity } from './kernels/identity';
import { batchMatMul } from './kernels/matMul';
import { avgPoolGrad, maxPoolGrad } from './kernels/poolingGradient';
import { reverse, slice, stridedSlice, transpose } from './kernels/rearrangement';
import { mean, sum } from './kernels/reduction';
import { unsortedSegmentSum } from './kernels/segmentSum';
import { tile } from './kernels/tile';
import { unaryKernels } from './kernels/unary';
import { registerSumGradients } from './sumGradients';

const kernels: readonly CompletedKernel[] = [
  avgPoolGrad, batchMatMul, ...binaryKernels, cast, conv2d, conv2dFilterGradient, conv2dInputGradient, depthwiseFilterGradient, depthwiseInputGradient, einsum, fusedBatchNorm, gatherV2, identity,
  maxPoolGrad, mean, reverse, slice, stridedSlice, sum, tile, transpose, ...unaryKernels, unsortedSegmentSum,
];

/** The stock kernels, kept: completing again, after the backend was removed and started anew, must not wrap ours. */
const stockKernels = new Map<string, KernelConfig | undefined>();

export function completeBackend(heap: Heap): void {
  registerSumGradients();
  for (const completed of kernels) {
    const { kernelName } = completed;
    const registered = getKernel(kernelName, 'wasm') as KernelConfig | undefined;
    if (!stockKernels.has(kernelName)) stockKernels.set(kernelName, registered);
    const stock = stockKernels.get(kernelName);
    if (registered !== undefined) unregisterKernel(kernelName, 'wasm');
    // The stock set-up prepares the wasm functions that the stock kernel goes on using.
    registerKernel({ ...stock, kernelName, backendName: 'wasm', kernelFunc: completed.kernelFunc(heap, stock?.kernelFunc) });
  }
}
