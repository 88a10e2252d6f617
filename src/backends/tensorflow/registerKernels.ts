/** Kernels of ours beside those of TensorFlow.js's on its own backend. */
import { getKernel, registerKernel, type KernelFunc } from '@tensorflow/tfjs-core';
import { batchNormTrainingGradientName, batchNormTrainingName } from '../batchNormKernels';
import { packHalfName, unpackHalfName } from '../halfKernels';
import { dropoutName, reluGradientName } from '../ownKernel';
import { batchNormGradientOnTensorFlow, batchNormOnTensorFlow } from './batchNormOnTensorFlow';
import { dropoutOnTensorFlow } from './dropoutOnTensorFlow';
import { packHalfOnTensorFlow, unpackHalfOnTensorFlow } from './halfOnTensorFlow';
import { reluGradientOnTensorFlow } from './reluGradientOnTensorFlow';

/** Once for a process. */
export function registerKernels(usesGpu: boolean): void {
  register(packHalfName, packHalfOnTensorFlow);
  register(unpackHalfName, unpackHalfOnTensorFlow);
  register(dropoutName, dropoutOnTensorFlow);
  register(reluGradientName, reluGradientOnTensorFlow);
  if (usesGpu) return;
  register(batchNormTrainingName, batchNormOnTensorFlow);
  register(batchNormTrainingGradientName, batchNormGradientOnTensorFlow);
}

function register(kernelName: string, kernelFunc: KernelFunc): void {
  if (!Boolean(getKernel(kernelName, 'tensorflow'))) registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
}
