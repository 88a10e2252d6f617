/**
 * A gradient source that cuts every batch into slices and has each computed on a thread of its own, the first on this one. The
 * gradient of the batch is summed in the order of the slices, so equal settings give equal bits.
 *
 * Bytes held, for d parameters and n workers: 4d for the parameters as they are shared, 4dn for the flat gradients, and the room for
 * n - 1 slices; in each of the n - 1 threads 4d for parameters of its own, and what its slice takes while it computes.
 */
import { add, dispose, type Tensor } from '@tensorflow/tfjs-core';
import path from 'node:path';
import type { Backend } from '../../backends/backend';
import type { Batch, Evaluation, GradientRequest, GradientSource } from '../../gradients/gradientSource';
import { withExamples } from '../../gradients/microbatches';
import { mixedSeed } from '../../gradients/nodeSeed';
import { cutIntoSlices, joinEvaluations, longestSlice, type Slice } from '../../gradients/slices';
import { addedBytes, JointLedger } from '../../memory/jointLedger';
import type { ModelData, NamedModel } from '../../models/namedModel';
import { fixedShape, sizeOf, type ParameterSpecification } from '../../models/model';
import { addHeldBytes } from '../../protocol/heldBytes';
import { noBytes, type Bytes } from '../../protocol/samples';
import type { Settings } from '../../settings/knobs';
import type { SharedBackend } from '../../settings/workers';
import { computeSlice, copied, offsetsOf, type SliceComputer, type SliceData } from './computeSlice';
import type { WorkerStart } from './sliceMessages';
import { WorkerThread } from './workerThread';

export interface TeamSettings extends Pick<Settings, 'workers' | 'batchSize'> {
  readonly model: NamedModel;
  readonly data: ModelData;
  readonly backend: SharedBackend;
  /** Folder of the files that the build made: gradientWorker.js among them. */
  readonly assets: string;
}

export class GradientTeam {
  /** Bytes of all threads together. */
  readonly figures: JointLedger;
  private readonly specifications: readonly ParameterSpecification[];
  private readonly offsets: readonly number[];
  private readonly threads: readonly WorkerThread[];
  private readonly parameters: Float32Array;
  /** The flat gradient of the slice computed here. */
  private readonly gradient: Float32Array;
  /** Of the arrays that this thread made for all. */
  private readonly held: Bytes;

  /** `own` computes on this thread. The others load meanwhile: what one cannot load is told at its first slice. */
  constructor(private readonly own: SliceComputer, { model, data: madeFor, workers, batchSize, backend, assets }: TeamSettings) {
    this.specifications = own.model.parameters;
    this.offsets = offsetsOf(own.model);
    const dimension = this.specifications.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const room = longestSlice(batchSize, workers);
    this.parameters = sharedFloats(dimension);
    this.gradient = new Float32Array(dimension);
    this.threads = Array.from({ length: Math.min(workers, batchSize) - 1 }, (_, index) => {
      const start: WorkerStart = {
        model, data: madeFor, backend, assets, parameters: this.parameters, gradient: sharedFloats(dimension),
        inputs: sharedFloats(room * sizeOf(fixedShape(own.model.inputs[0]?.shape ?? []))), labels: new Int32Array(new SharedArrayBuffer(4 * room)),
      };
      return new WorkerThread(path.join(assets, 'gradientWorker.js'), `worker ${index + 2} of ${workers}`, start);
    });
    const data = this.threads.reduce((sum, { start: { inputs, labels } }) => sum + inputs.byteLength + labels.byteLength, 0);
    this.held = { ...noBytes(), parameters: 4 * dimension, gradients: 4 * dimension * (this.threads.length + 1), data };
    this.figures = new JointLedger(own.ledger, this.held);
  }

  readonly source: GradientSource = request => withExamples(this.own.ledger, 'forward', request.batch, 0, request.batch.examples, async batch => {
    const slices = cutIntoSlices(request.batch.examples, this.threads.length + 1);
    const evaluation = joinEvaluations(slices, await this.compute(slices, request, batch));
    if (Number.isFinite(evaluation.loss)) this.handOver(slices.length, request.receive);
    return evaluation;
  });

  /** The backend as a run shall see it: what it holds is what all threads hold. */
  joined(backend: Backend): Backend {
    const { held } = backend;
    return held === undefined ? backend : { ...backend, held: () => this.threads.reduce((sum, thread) => addHeldBytes(sum, thread.held), held()) };
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.threads.map(thread => thread.close()));
  }

  /** All slices at a time, the first one here; each leaves its gradient in its flat vector. */
  private async compute(slices: readonly Slice[], { weights, seed }: GradientRequest, { inputs: [inputs], labels: given }: Batch): Promise<Evaluation[]> {
    const { memory } = this.own;
    this.figures.begin();
    weights.lend(this.specifications.map((_, index) => index), parameters => {
      parameters.forEach((parameter, index) => { this.parameters.set(memory.view(parameter), this.offsets[index]); });
    });
    const labels = given.dataSync<'int32'>();
    const all = inputs as Tensor;
    const size = all.size / labels.length;
    const [first, ...rest] = slices.map(({ from, to, weight }, index): SliceData => ({
      readInputs: () => memory.view(all).subarray(from * size, to * size), labels: labels.subarray(from, to), weight,
      seed: mixedSeed(seed, index), slices: slices.length,
    }));
    const reports = Promise.all(rest.map((slice, index) => (this.threads[index] as WorkerThread).compute(slice)));
    // A failure there is met below, or, where this thread fails too, not at all.
    reports.catch(() => undefined);
    const ours = first === undefined ? [] : [await computeSlice(this.own, weights, first, this.gradient)];
    const theirs = await reports;
    const waiting = this.threads.slice(rest.length).map(({ live }) => live);
    this.figures.end(
      addedBytes([this.held, ...theirs.map(({ peak }) => peak.bytesAtPeak), ...waiting]),
      addedBytes([this.held, ...this.threads.map(({ live }) => live)]),
    );
    return [...ours, ...theirs];
  }

  /** The sum of the first so many flat gradients, parameter by parameter, as tensors that die when they have been received. */
  private handOver(slices: number, receive: GradientRequest['receive']): void {
    const { ledger, memory } = this.own;
    const flat = [this.gradient, ...this.threads.map(({ start }) => start.gradient)].slice(0, slices);
    this.specifications.forEach(({ shape }, index) => {
      const from = this.offsets[index] ?? 0;
      const parts = flat.map(gradient => gradient.subarray(from, from + sizeOf(shape)));
      const total = ledger.scope('workspace', () => sumOf(parts, part => copied(memory, shape, () => part)));
      ledger.claim(total, 'gradients');
      try {
        receive(index, total, { weight: 1, first: true, last: true });
      } finally {
        total.dispose();
      }
    });
  }
}

/** In order; the backend's own addition is several times faster than a loop here. Holds three tensors at a time. */
function sumOf([first, ...rest]: readonly Float32Array[], tensorOf: (part: Float32Array) => Tensor): Tensor {
  return rest.reduce((sum, part) => {
    const next = tensorOf(part);
    const more = add(sum, next);
    dispose([sum, next]);
    return more;
  }, tensorOf(first as Float32Array));
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}
