/** A bounded history of samples: when it is full its resolution halves, and no peak is ever lost. */
import { mergeDiagnostics } from './diagnostics';
import type { MemorySample, SampleEvent } from './runEvents';
import { higherStored } from './samples';

/** Points a history holds at most; a chart draws about one per pixel. */
export const pointLimit = 720;

/** Appends a sample; halves the resolution of the whole when the limit is passed. */
export function appendPoint(points: readonly SampleEvent[], sample: SampleEvent, limit = pointLimit): SampleEvent[] {
  const longer = [...points, sample];
  return longer.length > limit ? halve(longer) : longer;
}

/** What is left when a run goes on from a checkpoint: a point that covers a step beyond it is taken back as a whole. */
export function upToStep<Placed extends { readonly step: number }>(placed: readonly Placed[], step: number): Placed[] {
  return placed.filter(one => one.step <= step);
}

/** Merges neighbours two by two. */
export function halve(points: readonly SampleEvent[]): SampleEvent[] {
  const merged: SampleEvent[] = [];
  for (let index = 0; index < points.length; index += 2) {
    const [first, second] = [points[index], points[index + 1]];
    if (first !== undefined) merged.push(second === undefined ? first : mergeSamples(first, second));
  }
  return merged;
}

/** One sample for the steps of both: means weighted by steps, extremes and the higher peak kept, the rest from the later. */
export function mergeSamples(first: SampleEvent, second: SampleEvent): SampleEvent {
  const steps = first.steps + second.steps;
  const mean = <Figure extends number | undefined>(a: Figure, b: Figure) => (a === undefined || b === undefined ? b ?? a : (a * first.steps + b * second.steps) / steps) as Figure;
  const diagnostics = mergeDiagnostics(first.diagnostics, second.diagnostics);
  return {
    ...second, steps,
    loss: mean(first.loss, second.loss),
    lossMin: Math.min(first.lossMin, second.lossMin),
    lossMax: Math.max(first.lossMax, second.lossMax),
    ...defined({
      accuracy: mean(first.accuracy, second.accuracy), flops: mean(first.flops, second.flops), recomputedFlops: mean(first.recomputedFlops, second.recomputedFlops),
      rewired: second.rewired ?? first.rewired,
    }),
    stepMs: mean(first.stepMs, second.stepMs),
    memory: mergeMemory(first.memory, second.memory),
    ...(diagnostics === undefined ? {} : { diagnostics }),
  };
}

function mergeMemory(first: MemorySample, second: MemorySample): MemorySample {
  const { peakBytes, peakPhase, bytesAtPeak } = first.peakBytes > second.peakBytes ? first : second;
  return { ...second, peakBytes, peakPhase, bytesAtPeak, ...defined({ storedPeak: higherStored(first.storedPeak, second.storedPeak) }) };
}

/** Without the figures that nobody has. */
function defined<Figures extends object>(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)) as Figures;
}
