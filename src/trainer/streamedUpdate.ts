/**
 * The update of optimizers that work entry by entry, streamed: chunk by chunk parameters, gradient and buffers come to float32, are
 * worked on as optimizers/optimizer.ts does, and are stored again.
 *
 * Where updates are clipped by their norm they wait, in the place of the gradients and as precise as these, until it is known.
 */
import { forChunks } from '../kernels/chunkCompute';
import { isFiniteIn } from '../kernels/elementwise';
import { createStored, writeStored, type StoredPrecision, type StoredVector } from '../kernels/storedVector';
import { remedyFor } from '../optimizers/optimizer';
import { nonFinite } from '../optimizers/nonFiniteGradient';
import type { StreamedOptimizer } from '../optimizers/streamed/streamedOptimizer';
import type { ParameterView } from '../optimizers/transformation';
import type { LiveSettings, Settings } from '../settings/knobs';
import { clipEntries, clipFactor, scale } from './packedClip';
import { forStored, type PackedScratch } from './packedChunks';
import type { PackedGradients } from './packedGradients';
import type { PackedLayout, StoredTensorPlace } from './packedLayout';
import { gather, type PackedParameters } from './packedParameters';
import type { PackedUpdate } from './packedUpdate';

export class StreamedUpdate implements PackedUpdate {
  readonly heldBytes = 0;
  readonly applyOne: PackedUpdate['applyOne'];

  constructor(
    private readonly optimizer: StreamedOptimizer, private readonly parameters: PackedParameters, private readonly precision: StoredPrecision,
    private readonly scratch: PackedScratch, private readonly isFused: boolean,
  ) {
    if (isFused) this.applyOne = (place, tensor, gradient, step) => { this.fused(place, tensor, gradient, step); };
  }

  get settings(): Settings {
    return this.optimizer.settings;
  }

  get state(): StreamedOptimizer['state'] {
    return this.optimizer.state;
  }

  gradients(): StoredVector {
    return createStored(this.precision, this.isFused ? 0 : this.parameters.layout.length);
  }

  apply(gradients: PackedGradients, step: number, lossScale: number): undefined {
    if (this.isFused) return;
    if (!gradients.isFinite()) throw this.refused(this.copyOf(gradients), this.parameters.layout.tensors, step);
    const { settings, scratch: { chunks } } = this;
    const ofGradient = settings.clipTarget === 'gradient';
    const factor = ofGradient ? clipFactor(() => gradients.norm(lossScale, settings), settings) : 1;
    const waits = !ofGradient && settings.clipNorm !== null;
    this.forEntries((tensor, from, count) => {
      const vector = this.scratch.gradient.subarray(0, count);
      gradients.read(from, lossScale, vector);
      if (ofGradient) {
        clipEntries(vector, settings);
        scale(vector, factor);
      }
      this.optimizer.direct(vector, from, step);
      if (!ofGradient) clipEntries(vector, settings);
      if (waits) writeStored(chunks, gradients.values, from, vector, 'largest');
      else this.descend(vector, tensor, from, step);
    });
    if (waits) this.descendByAll(gradients, step);
  }

  watch(): undefined {
    return undefined;
  }

  change(settings: Partial<LiveSettings>): void {
    this.optimizer.change(settings);
  }

  move(_layout: PackedLayout, moves: Int32Array): void {
    this.optimizer.move(moves);
  }

  /** By updates that wait in the place of the gradients. */
  private descendByAll(updates: PackedGradients, step: number): void {
    const { settings } = this;
    const factor = clipFactor(() => updates.norm(1, { clipNorm: null, clipValue: null }), settings);
    this.forEntries((tensor, from, count) => {
      const vector = this.scratch.gradient.subarray(0, count);
      updates.read(from, 1, vector);
      scale(vector, factor);
      this.descend(vector, tensor, from, step);
    });
  }

  private fused(place: StoredTensorPlace, tensor: number, dense: Float32Array, step: number): void {
    const { settings, scratch } = this;
    if (!isFiniteIn(dense, 0, dense.length)) throw this.refused(dense, [place], step);
    forStored(place, scratch, (from, count, at, positions) => {
      const vector = scratch.gradient.subarray(0, count);
      gather(dense, at, positions, vector);
      if (settings.clipTarget === 'gradient') clipEntries(vector, settings);
      this.optimizer.direct(vector, from, step);
      if (settings.clipTarget === 'update') clipEntries(vector, settings);
      this.descend(vector, tensor, from, step);
    });
  }

  private descend(update: Float32Array, tensor: number, from: number, step: number): void {
    const theta = this.scratch.values.subarray(0, update.length);
    this.parameters.read(from, theta);
    this.optimizer.descend(update, theta, tensor, step);
    this.parameters.write(from, theta);
  }

  private forEntries(visit: (tensor: number, from: number, count: number) => void): void {
    this.parameters.layout.tensors.forEach(({ start, count: entries }, tensor) => {
      forChunks(entries, (from, count) => { visit(tensor, start + from, count); });
    });
  }

  private copyOf(gradients: PackedGradients): Float32Array {
    const copy = new Float32Array(gradients.length);
    gradients.read(0, 1, copy);
    return copy;
  }

  private refused(gradient: Float32Array, places: readonly StoredTensorPlace[], step: number): Error {
    let end = 0;
    const whole = places.length === 1;
    const views = places.map(({ name, shape, count, length }): ParameterView => {
      const start = end;
      end += whole ? length : count;
      return { name, shape, values: gradient.subarray(start, end) };
    });
    return nonFinite(gradient, views, step, remedyFor(this.settings));
  }
}
