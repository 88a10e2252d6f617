/**
 * Gradients for timing, made without a model: normal entries, each times a scale of its parameter that stays from step to
 * step and is log-normal over the parameters. At a density of 1 % two rows of the window then share 6 % of their support,
 * where chance alone would make it 1 %: training the built-in models leaves 3 % (perceptron) and 9 % (convnet), and how much
 * is shared decides how long their dot product takes. The scales repeat every 16,384 parameters, the length of a panel.
 * A gradient is the same long vector of normal entries read from another place. Holds 4 d bytes and 1 MB.
 */
import { random } from '../random';

const period = 16_384;
/** Standard deviation of the logarithm of a scale. */
const spread = 0.3;
/** How far apart the places are that two gradients are read from; prime, so that panels do not meet themselves. */
const shift = 257;
const places = 1021;

export interface GradientSource {
  /** Overwrites `vector` [d] with gradient number `index`; numbers 1021 apart are equal. */
  write(index: number, vector: Float32Array): void;
}

export function gradientSource(dimension: number, seed = 1): GradientSource {
  const source = random(seed);
  const scales = Float32Array.from({ length: period }, () => Math.exp(spread * source.normal()));
  const entries = new Float32Array(dimension + shift * places).map(() => source.normal());
  return {
    write: (index, vector) => {
      const from = shift * (index % places);
      for (let at = 0; at < dimension; at++) vector[at] = (scales[at % period] ?? 0) * (entries[from + at] ?? 0);
    },
  };
}
