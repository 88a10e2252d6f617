/** One animation frame for everything that is drawn: any number of requests before it paints make one call. */
export function createScheduler(draw: () => void, nextFrame: (callback: () => void) => unknown = requestAnimationFrame): () => void {
  let requested = false;
  return () => {
    if (requested) return;
    requested = true;
    nextFrame(() => {
      requested = false;
      draw();
    });
  };
}
