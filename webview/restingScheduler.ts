/**
 * A scheduler for what is costly to draw: a drawing that took long is followed by a rest of twice that time. Where drawing is
 * slow, what shares the thread with the panel, which in a browser is the whole window, must get its turn.
 */

/** A drawing within a frame's time needs no rest. */
const frameMs = 16;
const restRatio = 2;
const longestRestMs = 1000;

type Later = (callback: () => void, milliseconds: number) => unknown;

export function createRestingScheduler(draw: () => void, nextFrame: (callback: () => void) => unknown = requestAnimationFrame, later: Later = setTimeout): () => void {
  let requested = false;
  /** From the request of a frame until the rest after it is over. */
  let busy = false;
  const start = () => {
    busy = true;
    nextFrame(frame);
  };
  const frame = () => {
    requested = false;
    const begun = performance.now();
    try {
      draw();
    } finally {
      // A timer fires after the frame was painted: painting counts too.
      later(() => {
        const took = performance.now() - begun;
        if (took <= frameMs) end();
        else later(end, Math.min(restRatio * took, longestRestMs));
      }, 0);
    }
  };
  const end = () => {
    busy = false;
    if (requested) start();
  };
  return () => {
    requested = true;
    if (!busy) start();
  };
}
