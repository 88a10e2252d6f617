/** The window inside the state of an optimizer, where it has one with a gram. */
import type { SparseRow, SparseRows } from '../../kernels/panelLayout';
import type { KeptFactors } from '../../optimizers/compressors/keptFactors';
import type { StateTree } from '../../optimizers/stateTree';
import type { Kept } from '../../optimizers/transformation';
import type { WindowState } from '../../optimizers/preconditioners/preconditionByWindow';

type Branch = { readonly [name: string]: StateTree };

export function windowStateIn(state: StateTree): WindowState<unknown, unknown> | undefined {
  return branchWith(state, 'gram') as unknown as WindowState<unknown, unknown> | undefined;
}

/** What the compressor kept of the last gradient, where there is a compressor. */
export function keptRowIn(state: StateTree): Kept | undefined {
  return branchWith(state, 'keptRow')?.['keptRow'] as Kept | undefined;
}

export function isSparseRow(row: Kept | undefined): row is SparseRow {
  return row !== undefined && 'indices' in row;
}

export function isFactors(row: Kept | undefined): row is KeptFactors {
  return row !== undefined && 'factors' in row;
}

export function isSparse(rows: unknown): rows is SparseRows {
  return typeof rows === 'object' && rows !== null && 'shards' in rows;
}

/** The first record that has an entry of this name, the outermost first. */
function branchWith(state: StateTree, name: string): Branch | undefined {
  if (typeof state !== 'object' || ArrayBuffer.isView(state)) return undefined;
  if (isBranch(state) && name in state) return state;
  for (const child of Object.values(state)) {
    const found = branchWith(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isBranch(state: StateTree): state is Branch {
  return typeof state === 'object' && !ArrayBuffer.isView(state) && !Array.isArray(state);
}
