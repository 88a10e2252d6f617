import { firstLineAsSentence } from './firstLineAsSentence';

/** A backend that does not start or no longer computes: says what happened and the remedy. Whoever catches it may go on with another backend. */
export class BackendError extends Error {
  override readonly name = 'BackendError';

  constructor(readonly backend: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** How each backend says that it is out of memory, or broken for good. Their errors have no classes of their own. */
const lastWords: Readonly<Record<string, { readonly memory: RegExp; readonly broken: RegExp }>> = {
  wasm: { memory: /out of memory|cannot enlarge memory|memory\.grow/i, broken: /memory access out of bounds|unreachable|table index is out of bounds|aborted\(/i },
  tensorflow: { memory: /OOM when allocating|resource ?exhausted|failed to allocate|out of memory/i, broken: /CUDA_ERROR|cudnn|cublas|device lost|internal error/i },
  webgpu: { memory: /out of memory|allocation (size )?.*(exceed|fail)|larger than .*maximum|exceeds the max/i, broken: /device (is |was |has been )?lost|lost device|external instance reference no longer exists/i },
};

/** Any error as the backend's own, where it says that the backend can no longer be used; undefined for all others. */
export function asBackendError(backend: string, error: unknown): BackendError | undefined {
  if (error instanceof BackendError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const words = lastWords[backend];
  if (words?.memory.test(text)) return new BackendError(backend, `The backend ${backend} ran out of memory: ${firstLineAsSentence(error)} Lower batchSize, or use another backend.`, { cause: error });
  if (words?.broken.test(text) || (backend === 'wasm' && error instanceof WebAssembly.RuntimeError)) return new BackendError(backend, `The backend ${backend} broke down: ${firstLineAsSentence(error)} Use another backend.`, { cause: error });
  return undefined;
}
