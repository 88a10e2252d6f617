/**
 * Parameters, gradients and the optimizer's buffers on the host, stored as non-zeros only, in two bytes, or both. One node's
 * parameters at a time are lent as dense tensors; gradients are compressed as they arrive.
 *
 * Bytes held: as settings/formulas/packed.ts says. As workspace, for the whole run: the scratch, of a fixed size
 * (packedChunks.ts); where values can only be awaited, gradients on their way; during a rewiring 20 bytes for
 * every non-zero of a sparse tensor (positions before and after, magnitudes, origins, survivors), then 4 for every stored entry and a
 * copy of one vector.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backends/backend';
import type { Share } from '../gradients/gradientSource';
import { ModelBuffers } from '../gradients/modelBuffers';
import type { Weights } from '../gradients/weights';
import type { Ledger } from '../memory/ledger';
import { addStateBytes, totalBytes, type StateBytes } from '../settings/stateBytes';
import type { LiveSettings, Settings } from '../settings/knobs';
import { loadWasmChunks } from '../kernels/loadWasmChunks';
import { initialValues } from '../models/initialize';
import type { Model } from '../models/model';
import { weighState } from '../optimizers/stateTree';
import type { Watch } from './diagnostics';
import { hostCompute } from './hostCompute';
import { assemblePacked, type PackedAssembly } from './packedAssembly';
import { bytesOfScratch } from './packedChunks';
import { isSparse, sparseEntries, type StoredTensorPlace } from './packedLayout';
import { PackedSaving } from './packedSaving';
import type { Placement, Update, UpdateOptions } from './placement';

export interface PackedRun {
  readonly settings: Settings;
  readonly model: Pick<Model, 'parameters' | 'buffers'>;
  readonly backend: Pick<Backend, 'memory' | 'read'>;
  readonly ledger: Ledger;
  readonly totalSteps: number;
  /** Folder of the built kernels. */
  readonly assets: string;
}

/** With initial parameters from the seed. Throws InputError where the settings do not go with one another or with the model. */
export function createPackedPlacement({ settings, model, backend, ledger, totalSteps, assets }: PackedRun): PackedPlacement {
  const { parameters: specifications } = model;
  const parts = assemblePacked({
    settings, specifications, initial: initialValues(specifications, settings.seed), chunks: loadWasmChunks(assets), compute: hostCompute(assets), totalSteps, backend, ledger,
  });
  return new PackedPlacement(parts, new ModelBuffers(ledger, model.buffers), backend, ledger);
}

export class PackedPlacement implements Placement {
  readonly saving: PackedSaving;
  /** Steps taken, for updates that are made before `update` says which it is. */
  private steps = 0;
  /** What is on its way from a device, in the order in which it was asked for. */
  private arrivals = Promise.resolve();
  /** Bytes of copies, on the host and on their way there. */
  private copiedBytes = 0;

  readonly weights: Weights;

  constructor(readonly parts: PackedAssembly, readonly buffers: ModelBuffers, private readonly backend: Pick<Backend, 'memory' | 'read'>, private readonly ledger: Ledger) {
    this.saving = new PackedSaving(parts, buffers, step => {
      this.steps = step;
      this.weigh();
    });
    this.weights = {
      lend: (places, use) => parts.parameters.lend(places, use),
      buffers: buffers.tensors,
      replaceBuffers: (places, tensors) => { buffers.replace(places, tensors); },
    };
    parts.onWorkspace(bytes => { this.hold(bytes); });
    this.weigh();
  }

  get updatesAtOnce(): boolean {
    return this.parts.update.applyOne !== undefined;
  }

  collect(parameter: number, gradient: Tensor, share: Share): void {
    const { backend: { memory, read } } = this;
    if (read === undefined) {
      this.take(parameter, memory?.view(gradient) ?? gradient.dataSync<'float32'>(), share);
      return;
    }
    // The copy is under way when this returns, and the gradient dies. Slices add up in the order in which they were asked for.
    const bytes = 4 * gradient.size;
    this.holdMore(bytes);
    const arriving = read(gradient);
    this.arrivals = this.arrivals.then(async () => { this.take(parameter, await arriving, share); }).finally(() => { this.holdMore(-bytes); });
    // A step that breaks off before its update leaves nobody to wait.
    this.arrivals.catch(() => undefined);
  }

  arrived(): Promise<void> {
    const { arrivals } = this;
    this.arrivals = Promise.resolve();
    return arrivals;
  }

  async update(step: number, { watch, lossScale }: UpdateOptions): Promise<Update> {
    const { parts: { update, gradients } } = this;
    await this.arrived();
    if (lossScale > 1 && !gradients.isFinite()) return { skipped: true };
    const diagnostics = update.apply(gradients, step, lossScale, watch);
    this.steps = step;
    return { ...(diagnostics === undefined ? {} : { diagnostics }), ...this.rewire(step) };
  }

  watch(settings: Settings): Watch | undefined {
    return this.parts.update.watch(settings);
  }

  change(settings: Partial<LiveSettings>): Promise<void> {
    this.parts.check(settings);
    this.parts.update.change(settings);
    this.weigh();
    return Promise.resolve();
  }

  stateBytes(): StateBytes {
    const { update: { state }, parameters: { master } } = this.parts;
    return addStateBytes(weighState(state), master === undefined ? {} : { masterCopy: master.byteLength });
  }

  named(): Iterable<readonly [string, Tensor]> {
    return this.buffers.named();
  }

  dispose(): void {
    this.buffers.dispose();
    for (const category of ['parameters', 'gradients', 'optimizerState', 'workspace'] as const) this.ledger.hold(category, 0);
  }

  private take(parameter: number, dense: Float32Array, { weight, first, last }: Share): void {
    const { parameters: { layout }, gradients, update } = this.parts;
    const place = layout.tensors[parameter] as StoredTensorPlace;
    if (update.applyOne === undefined) {
      gradients.add(place, dense, weight, first);
      return;
    }
    if (!first || !last) throw new Error('fusedUpdate is on, which needs the gradient of the whole batch at once, but the batch was cut into slices. Switch it off, or set microbatch to null and workers to 1.');
    update.applyOne(place, parameter, dense, this.steps + 1);
  }

  private rewire(step: number): Pick<Update, 'rewired'> {
    const { parts, parts: { parameters, rewiring, update, gradients } } = this;
    if (!isSparse(parameters.layout) || !rewiring.isDue(step)) return {};
    try {
      this.hold(20 * sparseEntries(parameters.layout));
      const { layout, moves, pruned, threshold } = rewiring.rewire(parameters.layout, step, (from, values) => { parameters.read(from, values); });
      this.hold(moves.byteLength + 4 * layout.length);
      parameters.move(layout, moves);
      update.move(layout, moves);
      parts.gradients.values = update.applyOne === undefined ? update.gradients() : gradients.values;
      return { rewired: { pruned, threshold } };
    } finally {
      this.hold(0);
      this.weigh();
    }
  }

  private weigh(): void {
    const { parameters, gradients } = this.parts;
    this.ledger.hold('parameters', parameters.bytes);
    this.ledger.hold('gradients', gradients.bytes);
    this.ledger.hold('optimizerState', totalBytes(this.stateBytes()));
    this.hold(0);
  }

  private holdMore(bytes: number): void {
    this.copiedBytes += bytes;
    this.hold(0);
  }

  /** Workspace: what is always held, what is on its way, and `bytes` for the moment. */
  private hold(bytes: number): void {
    const { scratch, update } = this.parts;
    this.ledger.hold('workspace', bytesOfScratch(scratch) + update.heldBytes + this.copiedBytes + bytes);
  }
}
