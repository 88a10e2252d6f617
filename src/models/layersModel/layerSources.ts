/** By layer: "FILE:LINE" of the user's code that made it, where that is known. */
const sources = new WeakMap<object, string>();

export function noteSource(layer: object, source: string): void {
  sources.set(layer, source);
}

export function sourceOf(layer: object): string | undefined {
  return sources.get(layer);
}
