/** Images of classes that a model can learn to tell apart: a pattern for each class, drowned in noise of twice its size. */
import type { Random } from '../random';
import type { HostBatch } from './benchModel';

export function imageData(random: Random, batch: number, imageShape: readonly number[], classes: number): () => HostBatch {
  const length = imageShape.reduce((product, side) => product * side, 1);
  const uniform = () => 2 * random.uniform() - 1;
  const patterns = Array.from({ length: classes }, () => Float32Array.from({ length }, uniform));
  return () => {
    const labels = Int32Array.from({ length: batch }, () => random.below(classes));
    const inputs = new Float32Array(batch * length);
    labels.forEach((label, example) => {
      patterns[label]?.forEach((value, index) => { inputs[example * length + index] = value + 2 * uniform(); });
    });
    return { shape: [batch, ...imageShape], inputs, labels };
  };
}
