/** Images of classes that a model can learn to tell apart: stripes of the class, drowned in noise of three times their size. */
import type { Random } from '../random';
import type { HostBatch } from './benchModel';

/** Values of a stripe that repeats along the rows: four pixels of three channels. */
const stripe = 12;
const noise = 3;

export function imageData(random: Random, batch: number, imageShape: readonly number[], classes: number): () => HostBatch {
  const length = imageShape.reduce((product, side) => product * side, 1);
  const uniform = () => 2 * random.uniform() - 1;
  const stripes = Array.from({ length: classes }, () => Float32Array.from({ length: stripe }, uniform));
  return () => {
    const labels = Int32Array.from({ length: batch }, () => random.below(classes));
    const inputs = new Float32Array(batch * length);
    for (let index = 0; index < inputs.length; index++) {
      const label = labels[Math.floor(index / length)] ?? 0;
      inputs[index] = (stripes[label]?.[index % length % stripe] ?? 0) + noise * uniform();
    }
    return { shape: [batch, ...imageShape], inputs, labels };
  };
}
