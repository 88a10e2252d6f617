/** How a packed placement is saved and restored: stored parameters, masks, threshold and buffers as they are, none of them unpacked. */
import { mismatchesOfOwner } from '../optimizers/savedStateMismatch';
import { restoreState, type SavedState } from '../optimizers/savedState';
import type { StateTree } from '../optimizers/stateTree';
import type { ParameterView } from '../optimizers/transformation';
import { InputError } from '../settings/problem';
import type { PackedAssembly } from './packedAssembly';
import { isSparse, layoutOf, maskFrom, masksOf } from './packedLayout';
import type { ModelBuffers } from '../gradients/modelBuffers';
import type { Saving } from './placement';

export class PackedSaving implements Saving {
  /** `restored` is told the step that the run goes on from. */
  constructor(private readonly parts: PackedAssembly, private readonly buffers: ModelBuffers, private readonly restored: (step: number) => void) {}

  get state(): StateTree {
    const { parameters: { layout, values, master }, update, rewiring } = this.parts;
    return { weights: values, masks: masksOf(layout), masterCopy: master, rewiring: rewiring.state, optimizer: update.state };
  }

  /** The state holds them. */
  lend<Result>(use: (views: readonly ParameterView[]) => Promise<Result>): Promise<Result> {
    if (!this.parts.parameters.isFinite()) return Promise.reject(new Error('The parameters are not all finite numbers: training has diverged. The checkpoints before stay as they are; lower the learning rate.'));
    return use([]);
  }

  /** The parameters are part of the state. */
  restore(saved: SavedState, _parameters: readonly Float32Array[], buffers: readonly Float32Array[]): void {
    const { parts, parts: { specifications, parameters, update } } = this;
    const owner = { settings: update.settings, tensors: specifications };
    const problems = mismatchesOfOwner(saved, owner);
    if (problems.length > 0) throw new InputError(problems);
    const layout = layoutOf(specifications, parameters.layout.tensors.map(({ length, index }, at) => index && (maskFrom(saved, at, length) ?? index)));
    if (isSparse(layout) && layout.length === parameters.layout.length) {
      // Values follow from the file; until then none.
      const nothing = new Int32Array(layout.length).fill(-1);
      parameters.move(layout, nothing);
      update.move(layout, nothing);
      if (update.applyOne === undefined) parts.gradients.values = update.gradients();
    }
    restoreState(saved, this.state, owner);
    this.buffers.restore(buffers);
    this.restored(saved.step);
  }
}
