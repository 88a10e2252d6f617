/** State seen through its widest type: nested records and tuples of named typed arrays and small numbers. */
import { stateParts, type StateBytes, type StatePart } from '../settings/stateBytes';

export type StateTree = ArrayBufferView | number | undefined | readonly StateTree[] | { readonly [name: string]: StateTree };

/** Bytes of every part: the byteLength of each array held, under the nearest name above it that is a part. */
export function weighState(state: StateTree): StateBytes {
  const bytes: StateBytes = {};
  weigh(state, undefined, bytes);
  return bytes;
}

function weigh(state: StateTree, part: StatePart | undefined, bytes: StateBytes): void {
  if (state === undefined || typeof state === 'number') return;
  if (ArrayBuffer.isView(state)) {
    if (part === undefined) throw new Error(`An array of ${state.byteLength} bytes belongs to no part of the state. Name it after one: ${stateParts.join(', ')}.`);
    bytes[part] = (bytes[part] ?? 0) + state.byteLength;
    return;
  }
  for (const [name, child] of Object.entries(state)) weigh(child, isPart(name) ? name : part, bytes);
}

function isPart(name: string): name is StatePart {
  return (stateParts as readonly string[]).includes(name);
}
