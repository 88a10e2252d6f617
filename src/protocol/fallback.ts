/** The way on where a backend has failed. */
import type { Alternative } from './backends';

/** The backend to go on with where one has failed; undefined where the embedded wasm itself did. */
export function nextBest(failed: string, alternatives: readonly Alternative[] = []): string | undefined {
  const usable = alternatives.filter(({ name, refused }) => name !== failed && refused === undefined);
  return usable[0]?.name ?? (failed === 'wasm' || failed === 'cpu' ? undefined : 'wasm');
}

/** What a button says that goes on with another backend. */
export function wayOn({ checkpoint }: { readonly checkpoint: unknown }, backend: string): string {
  return checkpoint === undefined ? `Start Again on ${backend}` : `Resume on ${backend}`;
}
