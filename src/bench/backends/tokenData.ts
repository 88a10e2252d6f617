/** Sequences that a language model can learn: nine times in ten the next token follows from the present one by a fixed table. */
import type { Random } from '../random';
import type { HostBatch } from './benchModel';

export function tokenData(random: Random, batch: number, length: number, tokens: number): () => HostBatch {
  const next = Int32Array.from({ length: tokens }, () => random.below(tokens));
  return () => {
    const inputs = new Int32Array(batch * length);
    const labels = new Int32Array(batch * length);
    for (let sequence = 0; sequence < batch; sequence++) {
      let token = random.below(tokens);
      for (let place = sequence * length; place < (sequence + 1) * length; place++) {
        inputs[place] = token;
        token = random.uniform() < 0.9 ? next[token] ?? 0 : random.below(tokens);
        labels[place] = token;
      }
    }
    return { shape: [batch, length], inputs, labels };
  };
}
