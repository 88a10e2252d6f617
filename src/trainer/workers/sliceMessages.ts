/** What the trainer and its gradient workers say to each other. Whatever is large lies in shared memory; messages say that it is there. */
import type { Evaluation } from '../../gradients/gradientSource';
import type { Peak } from '../../memory/ledger';
import type { HeldBytes } from '../../protocol/heldBytes';
import type { Bytes } from '../../protocol/samples';
import type { ModelData, NamedModel } from '../../models/namedModel';
import type { SharedBackend } from '../../settings/workers';

/** What a worker is started with. Arrays are views of shared memory; d is the number of parameters, in the order of the flat vector. */
export interface WorkerStart {
  readonly model: NamedModel;
  readonly data: ModelData;
  readonly backend: SharedBackend;
  /** Folder of the files that the build made. */
  readonly assets: string;
  /** [d], written by the trainer before a slice. */
  readonly parameters: Float32Array;
  /** [d], written by the worker. */
  readonly gradient: Float32Array;
  /** Room for the longest slice: [examples * size of an input], and [examples]. */
  readonly inputs: Float32Array;
  readonly labels: Int32Array;
}

/** Asks for the loss of the first so many examples in `inputs` and `labels`, and for their gradient times `weight`. */
export interface SliceRequest {
  readonly examples: number;
  readonly weight: number;
  readonly seed: number;
  readonly slices: number;
}

/** The gradient is in its place, too, unless the loss is no finite number. */
export interface SliceReport extends Evaluation {
  /** Of this slice, and what the worker holds after it; without shared memory. */
  readonly peak: Peak;
  readonly live: Bytes;
  /** What its backend holds, by its own count. */
  readonly held: HeldBytes;
}
