/** A tf.LayersModel of sequences, and the names of the layers that end a block of it. */
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface SequenceLayersModel {
  readonly model: LayersModel;
  readonly blocks: readonly string[];
}
