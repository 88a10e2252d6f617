/**
 * An optimizer's state as plain named arrays and numbers, a copy that no later step changes, and the way back: into the arrays
 * of an optimizer made with the same settings for the same tensors, so that it goes on bit for bit as if it had never stopped.
 */
import { InputError } from '../settings/problem';
import type { Settings } from '../settings/knobs';
import type { Shaped } from '../settings/parameterSpace';
import { mismatchesOfLeaves, mismatchesOfOwner } from './savedStateMismatch';
import { stateLeaves } from './stateLeaves';
import type { StateTree } from './stateTree';
import type { StoredArray } from './storedArrays';

export interface SavedState {
  /** Steps taken. */
  readonly step: number;
  /** As they were then; an optimizer made with them takes the state back. */
  readonly settings: Settings;
  readonly tensors: readonly Shaped[];
  readonly numbers: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, StoredArray>>;
}

/** The optimizer that a state belongs to. */
export type StateOwner = Pick<SavedState, 'settings' | 'tensors'>;

export function saveState(state: StateTree, owner: StateOwner, step: number): SavedState {
  const view = viewState(state, owner, step);
  return { ...view, arrays: Object.fromEntries(Object.entries(view.arrays).map(([name, array]) => [name, array.slice()])) };
}

/** The same without a copy, which the next step or change makes untrue. Only arrays that lie in several memories are copied. */
export function viewState(state: StateTree, { settings, tensors }: StateOwner, step: number): SavedState {
  const { arrays, numbers } = stateLeaves(state);
  return {
    step,
    settings: structuredClone(settings),
    tensors: tensors.map(({ name, shape }) => ({ name, shape: [...shape] })),
    numbers: Object.fromEntries([...numbers].map(([name, { value }]) => [name, value])),
    arrays: Object.fromEntries([...arrays].map(([name, pieces]) => [name, joined(pieces)])),
  };
}

/** Writes the saved arrays and numbers into `state`. Throws InputError, with nothing changed, where they do not belong there. */
export function restoreState(saved: SavedState, state: StateTree, owner: StateOwner): void {
  const leaves = stateLeaves(state);
  let problems = mismatchesOfOwner(saved, owner);
  if (problems.length === 0) problems = mismatchesOfLeaves(saved, leaves);
  if (problems.length > 0) throw new InputError(problems);
  for (const [name, pieces] of leaves.arrays) {
    const source = saved.arrays[name];
    let from = 0;
    for (const piece of pieces) if (source !== undefined) piece.set(source.subarray(from, from += piece.length));
  }
  for (const [name, { value, set }] of leaves.numbers) set?.(saved.numbers[name] ?? value);
}

function joined(pieces: readonly StoredArray[]): StoredArray {
  const [first, ...rest] = pieces;
  if (first === undefined || rest.length === 0) return first ?? new Uint8Array();
  const whole = new (first.constructor as new (length: number) => StoredArray)(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
