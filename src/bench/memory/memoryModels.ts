/** The networks that the bench of memory trains, for images as CIFAR-10's, and examples for them. */
import { tensor, tensor1d } from '@tensorflow/tfjs-core';
import type { BatchSource } from '../../gradients/gradientSource';
import { sizeOf } from '../../models/model';
import type { VisionModelName } from '../../models/vision/visionModel';
import { random } from '../random';

export const memoryModelNames = ['wrn-28-2', 'resnet20', 'wrn-10-1'] as const satisfies readonly VisionModelName[];
export type MemoryModelName = (typeof memoryModelNames)[number];

export const images = { inputShape: [32, 32, 3], classes: 10 } as const;

/** Noise and classes at random, the same for the same seed however the batch is cut. */
export function noise(examples: number, seed: number): BatchSource {
  const source = random(seed);
  const size = sizeOf(images.inputShape);
  const values = Float32Array.from({ length: examples * size }, () => source.normal());
  const labels = Int32Array.from({ length: examples }, () => source.below(images.classes));
  return {
    examples,
    make: (from, to) => ({
      inputs: [tensor(values.subarray(from * size, to * size), [to - from, ...images.inputShape])],
      labels: tensor1d(labels.subarray(from, to), 'int32'),
    }),
  };
}
