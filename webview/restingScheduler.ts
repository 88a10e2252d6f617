/**
 * A scheduler for what is costly to draw, in pieces: each frame draws for a few milliseconds, so that a message that comes in
 * between is answered at once, and when all is drawn a rest of twice the time it took follows. Where drawing is slow, what
 * shares the thread with the panel, which in a browser is the whole window, must get its turn.
 */

/** After so long no further piece is begun in a frame. */
const sliceMs = 4;
/** A drawing within a frame's time needs no rest. */
const frameMs = 16;
const restRatio = 2;
const longestRestMs = 1000;

type Later = (callback: () => void, milliseconds: number) => unknown;

/** `pieces` says what there is to draw when a drawing begins. */
export function createRestingScheduler(pieces: () => readonly (() => void)[], nextFrame: (callback: () => void) => unknown = requestAnimationFrame, later: Later = setTimeout): () => void {
  let requested = false;
  /** From the request of a frame until the rest after the drawing is over. */
  let busy = false;
  let left: (() => void)[] = [];
  let took = 0;
  const start = () => {
    busy = true;
    took = 0;
    nextFrame(() => {
      requested = false;
      left = [...pieces()];
      slice();
    });
  };
  const slice = () => {
    const begun = performance.now();
    try {
      do left.shift()?.(); while (left.length > 0 && performance.now() - begun < sliceMs);
    } catch (error) {
      left = [];
      throw error;
    } finally {
      // A timer fires after the frame was painted: painting counts too.
      later(() => {
        took += performance.now() - begun;
        if (left.length > 0) nextFrame(slice);
        else if (took <= frameMs) end();
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
