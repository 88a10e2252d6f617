/** Finds a part of an optimizer's state by its form, wherever in the tree its recipe has put it. */
import type { StateTree } from '../optimizers/stateTree';

type Node = Readonly<Record<string, StateTree>>;

/** The first record of the tree, parents before children, that `is` one; undefined where the optimizer has none. */
export function findState<Found extends Node>(state: StateTree, is: (node: Node) => node is Found): Found | undefined {
  if (state === undefined || typeof state === 'number' || ArrayBuffer.isView(state)) return undefined;
  if (!isList(state) && is(state)) return state;
  for (const child of isList(state) ? state : Object.values(state)) {
    const found = findState(child, is);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isList(state: readonly StateTree[] | Node): state is readonly StateTree[] {
  return Array.isArray(state);
}
