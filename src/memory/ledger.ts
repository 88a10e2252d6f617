/**
 * Exact live bytes per category. Every TensorFlow.js buffer passes through `trackTensor` when it is made and through
 * `removeDataId` when its last handle is gone; the ledger counts it once, by its dataId, under the category in force
 * when it was made, until somebody claims it for another. Memory outside TensorFlow.js is counted by who holds it.
 *
 * Bytes held by the ledger itself: one small record per live buffer, none per step.
 */
import type { DataId, DataType, KernelBackend, Tensor } from '@tensorflow/tfjs-core';
import { engine, type Engine } from '../backends/engine';
import { categories, noBytes, type Bytes, type Category, type Phase } from '../protocol/samples';
import { KernelWatch } from './kernelWatch';
import { nowhere, type Place, type RecordedBuffer, type StepRecorder } from './stepRecorder';

interface Buffer extends RecordedBuffer {
  category: Category;
  /** Number of buffers born before this one, which tells whether it was there at the peak. */
  readonly birth: number;
}

export interface Peak {
  readonly peakBytes: number;
  readonly peakPhase: Phase;
  readonly bytesAtPeak: Bytes;
  /** The instant at which the sum of all categories but workspace was highest. Absent where several threads compute, as is `most`. */
  readonly storedPeak?: Bytes;
  readonly most?: Most;
}

/** The most bytes of three kinds, each at an instant of its own: the accounting of arXiv 1904.10631 adds the most activations to model and optimizer. */
export interface Most {
  /** Activations and their gradients. */
  readonly activations: number;
  /** Of parameters. */
  readonly gradients: number;
  readonly workspace: number;
}

export class Ledger {
  private readonly buffers = new Map<DataId, Buffer>();
  private readonly bytes = noBytes();
  private readonly held = noBytes();
  private total = 0;
  private births = 0;
  private category: Category = 'unattributed';
  private phase: Phase = 'update';
  private peakBytes = 0;
  private peakPhase: Phase = 'update';
  private bytesAtPeak = noBytes();
  private birthsAtPeak = 0;
  private storedPeakBytes = 0;
  private storedPeak = noBytes();
  private readonly most = { activations: 0, gradients: 0, workspace: 0 };
  private readonly engine: Engine = engine();
  private readonly kernels = new KernelWatch(this.engine);
  private recorder: StepRecorder | undefined;
  private place = nowhere;

  constructor() {
    const { engine: watched } = this;
    const track = watched.trackTensor.bind(watched);
    const remove = watched.removeDataId.bind(watched);
    const addTapeNode = watched.addTapeNode.bind(watched);
    watched.trackTensor = (tensor: Tensor, backend: KernelBackend) => {
      const isNew = !watched.state.tensorInfo.has(tensor.dataId);
      track(tensor, backend);
      if (isNew) this.born(tensor);
    };
    watched.removeDataId = (dataId: DataId, backend: KernelBackend) => {
      this.died(dataId);
      remove(dataId, backend);
    };
    watched.addTapeNode = (kernelName, inputs, outputs, gradient, saved, attributes) => {
      for (const tensor of saved) this.keep(tensor);
      addTapeNode(kernelName, inputs, outputs, gradient, saved, attributes);
    };
  }

  /** Everything made inside `body` counts under `category` until it is claimed for another. */
  scope<Result>(category: Category, body: () => Result): Result {
    const outer = this.category;
    this.category = category;
    try {
      return body();
    } finally {
      this.category = outer;
    }
  }

  /** As `scope`, until what `body` promises has settled; nobody else may make tensors meanwhile. */
  async during<Result>(category: Category, body: () => Promise<Result>): Promise<Result> {
    const outer = this.category;
    this.category = category;
    try {
      return await body();
    } finally {
      this.category = outer;
    }
  }

  /**
   * Moves a tensor's buffer, shared with all its clones and reshapes, to another category. What a result is for is known
   * only when it is finished: a buffer that was workspace at the peak is counted there too as what it became.
   */
  claim(tensor: Tensor, category: Category): void {
    const buffer = this.buffers.get(tensor.dataId);
    if (buffer === undefined || buffer.category === category) return;
    move(this.bytes, buffer, category);
    this.recorder?.move(buffer, category, this.phase);
    if (buffer.category === 'workspace' && buffer.birth < this.birthsAtPeak) move(this.bytesAtPeak, buffer, category);
    buffer.category = category;
    this.noteStored();
  }

  /** What one layer computed for itself becomes an activation when the backward pass will need it; parameters and data stay what they are. */
  keep(tensor: Tensor): void {
    if (this.buffers.get(tensor.dataId)?.category === 'workspace') this.claim(tensor, 'activations');
  }

  /** States how many bytes of a category are held outside TensorFlow.js, replacing what was stated before. */
  hold(category: Category, bytes: number): void {
    const change = bytes - this.held[category];
    if (change !== 0) this.recorder?.hold('born', category, bytes, this.phase);
    this.held[category] = bytes;
    this.bytes[category] += change;
    this.total += change;
    this.noteAll();
  }

  /** Names the phase that the next peak belongs to. */
  enter(phase: Phase): void {
    this.phase = phase;
    this.noteAll();
  }

  /** Live bytes now, category by category. */
  live(): Bytes {
    return { ...this.bytes };
  }

  /** The highest instant since the last call, which starts the next stretch at what is live now. */
  takePeak(): Peak {
    const peak = { peakBytes: this.peakBytes, peakPhase: this.peakPhase, bytesAtPeak: { ...this.bytesAtPeak }, storedPeak: { ...this.storedPeak }, most: { ...this.most } };
    [this.peakBytes, this.storedPeakBytes] = [0, 0];
    Object.assign(this.most, { activations: 0, gradients: 0, workspace: 0 });
    this.noteAll();
    return peak;
  }

  /** Names what the next buffers are made for; read only while a recorder is attached. */
  at(place: Place): void {
    this.place = place;
  }

  get isRecording(): boolean {
    return this.recorder !== undefined;
  }

  /** Tells the recorder, where there is one, what a tensor's buffer is for. */
  name(tensor: Tensor, place: Place): void {
    const buffer = this.recorder && this.buffers.get(tensor.dataId);
    if (buffer !== undefined) this.recorder?.name(buffer, place);
  }

  /** From now on everything that happens is written down as well; `placeOf` says what buffers are for that are there already. */
  record(recorder: StepRecorder, placeOf: (dataId: DataId) => Place = () => nowhere): void {
    for (const [dataId, buffer] of this.buffers) recorder.add('there', buffer, buffer.category, this.phase, placeOf(dataId), '');
    for (const category of categories) recorder.hold('there', category, this.held[category], this.phase);
    this.recorder = recorder;
    this.kernels.start();
  }

  stopRecording(): void {
    this.recorder = undefined;
    this.kernels.stop();
  }

  /** Takes the hooks off the engine. */
  stop(): void {
    this.stopRecording();
    // The hooks shadow the prototype's methods; without them the engine is as it was.
    const hooked: Partial<Engine> = this.engine;
    delete hooked.trackTensor;
    delete hooked.removeDataId;
    delete hooked.addTapeNode;
  }

  private born(tensor: Tensor): void {
    const bytes = tensor.size * bytesPerElement(tensor.dtype);
    const buffer = { bytes, type: tensor.dtype, shape: tensor.shape, category: this.category, birth: this.births++, number: -1 };
    this.buffers.set(tensor.dataId, buffer);
    this.recorder?.add('born', buffer, this.category, this.phase, this.place, this.kernels.running);
    this.bytes[this.category] += bytes;
    this.total += bytes;
    this.notePeak();
    // Nearly every tensor is workspace at first.
    if (this.category !== 'workspace') this.noteStored();
  }

  private died(dataId: DataId): void {
    const buffer = this.buffers.get(dataId);
    if (buffer === undefined) return;
    this.buffers.delete(dataId);
    this.recorder?.die(buffer, buffer.category, this.phase);
    this.bytes[buffer.category] -= buffer.bytes;
    this.total -= buffer.bytes;
  }

  private noteAll(): void {
    this.notePeak();
    this.noteStored();
  }

  /** Of all categories but workspace. */
  private noteStored(): void {
    const { most, bytes: { activations, activationGradients, gradients, workspace } } = this;
    if (activations + activationGradients > most.activations) most.activations = activations + activationGradients;
    if (gradients > most.gradients) most.gradients = gradients;
    const stored = this.total - workspace;
    if (stored <= this.storedPeakBytes) return;
    this.storedPeakBytes = stored;
    Object.assign(this.storedPeak, this.bytes);
  }

  private notePeak(): void {
    const { most, bytes: { workspace } } = this;
    if (workspace > most.workspace) most.workspace = workspace;
    if (this.total <= this.peakBytes) return;
    this.peakBytes = this.total;
    this.peakPhase = this.phase;
    this.birthsAtPeak = this.births;
    Object.assign(this.bytesAtPeak, this.bytes);
  }
}

function move(bytes: Bytes, buffer: Buffer, to: Category): void {
  bytes[buffer.category] -= buffer.bytes;
  bytes[to] += buffer.bytes;
}

/** Strings have no fixed width; TensorFlow.js counts them when they are written, and training makes none. */
function bytesPerElement(dtype: DataType): number {
  switch (dtype) {
    case 'float32': case 'int32': return 4;
    case 'bool': return 1;
    case 'complex64': return 8;
    case 'string': return 0;
  }
}
