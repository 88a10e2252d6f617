/**
 * What goes wrong on a WebGPU device arrives later than the call that caused it, and TensorFlow.js listens to none of it: an
 * operation that was refused leaves zeros or old numbers behind. So the device is watched, and the first failure is kept.
 */
import { BackendError } from './backendError';
import { firstLineAsSentence } from './firstLineAsSentence';
import type { WebgpuAdapter } from './webgpuAdapter';

/** GPUDevice, as much as is watched. */
export interface WatchedDevice {
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: { readonly error: { readonly message: string }; preventDefault?(): void }) => void): void;
}

const remedy = 'A run goes on from its last checkpoint when it is resumed; "backend": "wasm" needs no GPU.';

/** Undefined until the device has failed, and from then on the first failure: nothing that it computes afterwards can be trusted. */
export function watchDevice(device: WatchedDevice, { description }: Pick<WebgpuAdapter, 'description'>): () => Error | undefined {
  let failure: Error | undefined;
  device.addEventListener('uncapturederror', event => {
    // It would be printed as well, with a stack of the driver's.
    event.preventDefault?.();
    failure ??= isOutOfMemory(event.error)
      ? new BackendError('webgpu', `The GPU (${description}) has no memory left: ${firstLineAsSentence(event.error.message)} Lower batchSize, set "placement": "host", or close what else uses it. ${remedy}`)
      : new BackendError('webgpu', `The GPU (${description}) refused an operation: ${firstLineAsSentence(event.error.message)} What follows would be wrong numbers. ${remedy}`);
  });
  void device.lost.then(({ reason, message }) => {
    failure ??= new BackendError('webgpu', `The GPU (${description}) was lost (${[reason ?? 'unknown', firstLineAsSentence(message)].join(': ')}) Its driver was reset, or it was taken away. ${remedy}`);
  });
  return () => failure;
}

export function tooLarge(bytes: number, most: number, { description }: Pick<WebgpuAdapter, 'description'>): Error {
  return new BackendError('webgpu', `A tensor of ${bytes} bytes does not fit the GPU (${description}), which takes at most ${most} bytes in one. Lower batchSize, choose a smaller model, or set "backend": "wasm".`);
}

function isOutOfMemory(error: object): boolean {
  return error.constructor.name === 'GPUOutOfMemoryError';
}
