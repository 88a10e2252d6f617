/** Made-up features of a large encoder, for a linear probe: 768 numbers an example, in 1,000 classes. */
import type { Dataset } from './dataset';

export function features(_seed: number): Dataset {
  throw new Error('The data "features" are not there yet.');
}
