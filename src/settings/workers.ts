/** Which backends several workers can share a batch on: those that compute on one thread. The others have threads, or a GPU, of their own. */
import type { Problem } from './problem';

export const sharedBackends = ['wasm', 'cpu'] as const;
export type SharedBackend = (typeof sharedBackends)[number];

export function isShared(backendName: string): backendName is SharedBackend {
  return (sharedBackends as readonly string[]).includes(backendName);
}

/** "auto" stands for whichever backend it becomes, which is then asked about again. */
export function workersProblems(workers: number, backendName: string): Problem[] {
  if (workers === 1 || backendName === 'auto' || isShared(backendName)) return [];
  return [{ field: 'workers', message: `workers is ${workers}, but the backend is ${backendName}, which computes in parallel by itself; with it workers must be 1. Set workers to 1, or backend to "wasm".` }];
}
