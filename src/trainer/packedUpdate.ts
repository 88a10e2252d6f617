/** What a packed placement asks of whoever turns its gradients into an update of its parameters; streamedUpdate.ts and wholeUpdate.ts. */
import type { StoredVector } from '../kernels/storedVector';
import type { StateTree } from '../optimizers/stateTree';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { LiveSettings, Settings } from '../settings/knobs';
import type { Watch } from './diagnostics';
import type { PackedGradients } from './packedGradients';
import type { PackedLayout, StoredTensorPlace } from './packedLayout';

export interface PackedUpdate {
  readonly settings: Settings;
  /** The optimizer's buffers, as they are saved. */
  readonly state: StateTree;
  /** Bytes beside the state that it holds between two steps. */
  readonly heldBytes: number;
  /** Makes the vector that gradients are stored in; again after a rewiring. */
  gradients(): StoredVector;
  /** A step by finite gradients; throws NonFiniteGradientError, with nothing changed, where they are not. */
  apply(gradients: PackedGradients, step: number, lossScale: number, watch: Watch | undefined): DiagnosticsSample | undefined;
  /** A step for one tensor by its dense gradient, which becomes scratch. Undefined where gradients are stored first. */
  readonly applyOne: ((place: StoredTensorPlace, tensor: number, gradient: Float32Array, step: number) => void) | undefined;
  watch(settings: Settings): Watch | undefined;
  change(settings: Partial<LiveSettings>): void;
  /** Follows a rewiring: entry i is now what was entry moves[i], or new where that is negative. */
  move(layout: PackedLayout, moves: Int32Array): void;
}
