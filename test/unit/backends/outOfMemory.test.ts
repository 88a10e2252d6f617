import assert from 'node:assert/strict';
import { asBackendError, BackendError } from '../../../src/backends/backendError';
import { watchHeap } from '../../../src/backends/wasm/watchHeap';
import type { WasmHeap } from '../../../src/backends/wasm/wasmBackend';

describe('backends: out of memory', () => {
  /** An allocator with the habits of the real one: the first call replaces itself, and 0 is the answer where there is no room. */
  function heapOf(room: number): WasmHeap & { left: number } {
    const heap = {
      HEAPU8: new Uint8Array(64), left: room,
      _malloc(bytes: number) {
        heap._malloc = real;
        return real(bytes);
      },
      // Whoever gets the real allocator in its place asks for something and gives it back.
      _free: () => { heap.left = room; },
    };
    const real = (bytes: number) => {
      if (bytes > heap.left) return 0;
      heap.left -= bytes;
      return 16;
    };
    return heap;
  }

  it('the wasm heap refuses a tensor that it has no room for, instead of writing it over the first', () => {
    const heap = heapOf(100);
    watchHeap(heap);
    watchHeap(heap);
    assert.equal(heap._malloc(60), 16);
    assert.throws(() => heap._malloc(60), (error: unknown) => error instanceof BackendError && error.backend === 'wasm' && /has no room for a tensor of 60 more.*Lower batchSize/.test(error.message));
    assert.equal(heap._malloc(40), 16, 'what fits is still given');
  });

  const known: readonly (readonly [backend: string, error: unknown, message: RegExp])[] = [
    ['tensorflow', new Error('OOM when allocating tensor with shape[4096,4096] and type float on /device:GPU:0'), /tensorflow ran out of memory: OOM.*Lower batchSize/],
    ['tensorflow', new Error('Failed to get convolution algorithm. This is probably because cuDNN failed to initialize'), /tensorflow broke down/],
    ['webgpu', new Error('Device was lost: the driver was reset'), /webgpu broke down/],
    ['wasm', new WebAssembly.RuntimeError('memory access out of bounds'), /wasm broke down/],
    ['wasm', new WebAssembly.RuntimeError('divide by zero'), /wasm broke down/],
    ['wasm', new BackendError('wasm', 'as it is'), /^as it is$/],
  ];
  for (const [backend, error, message] of known) {
    it(`${backend}: "${(error as Error).message}" is the backend's own failure`, () => {
      const found = asBackendError(backend, error);
      assert.equal(found?.backend, backend);
      assert.match(found.message, message);
    });
  }

  it('any other error is not', () => {
    for (const backend of ['wasm', 'tensorflow', 'webgpu', 'cpu']) assert.equal(asBackendError(backend, new Error('loss is NaN at step 3, but must be a finite number')), undefined);
  });
});
