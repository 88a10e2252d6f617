/**
 * The update of optimizers that need all gradients at once, in float32: what is stored in two bytes is unpacked for it. Of sparse
 * tensors they see the non-zeros, as vectors.
 *
 * When the weights are rewired, what such an optimizer holds for every entry by itself (a residual of 32 or 16 bits, a velocity)
 * follows the mask; rows of a window, codes of blocks and what was computed from them start anew.
 *
 * Bytes held: the gradient in float32 where it is stored in two bytes; while an update lasts, the parameters likewise.
 */
import { moved, type StoredPrecision, type StoredVector } from '../kernels/storedVector';
import { forChunks } from '../kernels/chunkCompute';
import type { SparseCompute } from '../kernels/sparseCompute';
import { createOptimizer, type Optimizer, type UpdateObserver } from '../optimizers/optimizer';
import { resolveGroups, type SelectingGroup } from '../optimizers/groupPredicates';
import { stateLeaves } from '../optimizers/stateLeaves';
import { dtypeOf } from '../optimizers/storedArrays';
import type { StateTree } from '../optimizers/stateTree';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { LiveSettings, Settings } from '../settings/knobs';
import { tensorSettings, type ParameterGroup } from '../settings/parameterGroups';
import type { Shaped } from '../settings/parameterSpace';
import { Diagnostics, type Watch } from './diagnostics';
import type { PackedGradients } from './packedGradients';
import { isSparse, type PackedLayout } from './packedLayout';
import type { PackedParameters } from './packedParameters';
import type { PackedUpdate } from './packedUpdate';

export interface WholeOptions {
  readonly precision: StoredPrecision;
  readonly compute: SparseCompute;
  readonly totalSteps: number | undefined;
  /** States bytes that are held for the moment, and 0 when they are gone. */
  readonly holdWorkspace: (bytes: number) => void;
}

export class WholeUpdate implements PackedUpdate {
  readonly applyOne = undefined;
  private optimizer: Optimizer;
  private live: Settings;
  private diagnostics: Diagnostics;

  constructor(settings: Settings, private readonly parameters: PackedParameters, private readonly options: WholeOptions) {
    this.live = settings;
    this.optimizer = this.create(parameters.layout);
    this.diagnostics = new Diagnostics(this.optimizer);
  }

  get settings(): Settings {
    return this.live;
  }

  get state(): StateTree {
    return this.optimizer.state;
  }

  get heldBytes(): number {
    return this.options.precision === 'float32' ? 0 : this.optimizer.gradient.byteLength;
  }

  /** In float32 the optimizer's own vector, which its threads reach. */
  gradients(): StoredVector {
    const { gradient } = this.optimizer;
    return this.options.precision === 'float32' ? { float32: gradient } : this.options.precision === 'float16' ? { float16: new Uint16Array(gradient.length) } : { bfloat16: new Uint16Array(gradient.length) };
  }

  apply(gradients: PackedGradients, step: number, lossScale: number, watch: Watch | undefined): DiagnosticsSample | undefined {
    const { optimizer: { gradient } } = this;
    if (lossScale !== 1 || !('float32' in gradients.values)) {
      forChunks(gradient.length, (from, count) => { gradients.read(from, lossScale, gradient.subarray(from, from + count)); });
    }
    return this.withParameters((views, extra) => {
      const update = (observe?: UpdateObserver) => { this.optimizer.update(gradient, views, step, observe); };
      if (watch === undefined) {
        update();
        return undefined;
      }
      this.options.holdWorkspace(extra + gradient.byteLength);
      return watch(() => gradient.slice(), update);
    });
  }

  watch(settings: Settings): Watch | undefined {
    return this.diagnostics.watch(settings);
  }

  change(settings: Partial<LiveSettings>): void {
    this.optimizer.change(settings);
    this.live = { ...this.live, ...settings };
  }

  move(layout: PackedLayout, moves: Int32Array): void {
    const { arrays: before } = stateLeaves(this.optimizer.state);
    this.optimizer = this.create(layout);
    this.diagnostics = new Diagnostics(this.optimizer);
    for (const [name, pieces] of stateLeaves(this.optimizer.state).arrays) {
      const [old, fresh] = [before.get(name)?.[0], pieces[0]];
      if (pieces.length !== 1 || old?.length !== moves.length || fresh?.length !== moves.length) continue;
      if (old instanceof Float32Array && fresh instanceof Float32Array) moved(old, fresh, moves);
      else if (old instanceof Uint16Array && fresh instanceof Uint16Array && dtypeOf(name, old) === 'BF16') moved(old, fresh, moves);
    }
    this.options.compute.reclaim?.();
  }

  private create({ tensors }: PackedLayout): Optimizer {
    const { compute, totalSteps } = this.options;
    const seen = tensors.map(({ name, shape, count, index }) => ({ name, shape: index === undefined ? shape : [count] }));
    const groups = isSparse(this.parameters.layout) ? namedGroups(this.live.groups, tensors) : this.live.groups;
    return createOptimizer({ ...this.live, groups }, seen, { compute, ...(totalSteps === undefined ? {} : { totalSteps }) });
  }

  /** The parameters where they lie, or unpacked and packed again. */
  private withParameters<Result>(use: (views: readonly ParameterView[], workspace: number) => Result): Result {
    const { parameters, options: { holdWorkspace } } = this;
    const { values, master, layout: { tensors } } = parameters;
    const inPlace = master ?? ('float32' in values ? values.float32 : undefined);
    const workspace = inPlace === undefined ? 4 * parameters.layout.length : 0;
    try {
      holdWorkspace(workspace);
      const all = inPlace ?? parameters.unpacked();
      const result = use(tensors.map(({ name, shape, start, count }) => ({ name, shape, values: all.subarray(start, start + count) })), workspace);
      if (!('float32' in values)) this.store(all);
      return result;
    } finally {
      holdWorkspace(0);
    }
  }

  private store(all: Float32Array): void {
    forChunks(all.length, (from, count) => { this.parameters.write(from, all.subarray(from, from + count)); });
  }
}

/** Groups that say of each tensor by name what `groups` say of it by its own shape, which vectors of non-zeros have lost. */
function namedGroups(groups: readonly ParameterGroup[], tensors: readonly Shaped[]): readonly ParameterGroup[] {
  return resolveGroups(tensors.map((tensor): SelectingGroup => {
    const { weightDecay, ...settings } = tensorSettings(groups, tensor);
    return { match: ({ name }) => name === tensor.name, ...settings, ...(weightDecay === undefined ? {} : { weightDecay }) };
  }), tensors);
}
