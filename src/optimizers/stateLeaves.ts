/**
 * The leaves of a state by name, as they are saved and restored. A name is the path in the state: "1.rows.windowValues" is
 * found in link 1 of the chain. Three things follow from elsewhere and are no leaves of their own:
 *   scratch   carries nothing from one step to the next
 *   layout    follows from the settings; one number stands for it, so that another layout is noticed
 *   shards    the pieces of arrays that one memory could not hold: their arrays are named as if they were whole
 */
import { addTextToChecksum, emptyChecksum } from './checksum';
import type { StateTree } from './stateTree';
import { isStoredArray, type StoredArray } from './storedArrays';

export interface NumberLeaf {
  readonly value: number;
  /** Absent where the number follows from settings and shapes. */
  readonly set?: (value: number) => void;
}

export interface StateLeaves {
  /** The pieces of each array, in order; usually one. */
  readonly arrays: Map<string, StoredArray[]>;
  readonly numbers: Map<string, NumberLeaf>;
}

/** Numbers that say how large the arrays beside them are, or what their entries mean. */
const shapeNumbers: readonly string[] = ['size', 'dimension', 'length', 'bits', 'blockLength', 'rank', 'rows', 'columns'];

export function stateLeaves(state: StateTree): StateLeaves {
  const leaves: StateLeaves = { arrays: new Map(), numbers: new Map() };
  collect(state, [], leaves);
  return leaves;
}

function collect(holder: StateTree, path: readonly string[], leaves: StateLeaves): void {
  if (typeof holder !== 'object') return;
  for (const [key, child] of Object.entries(holder) as [string, StateTree][]) {
    const at = [...path, key];
    const name = at.join('.');
    if (key === 'scratch' || child === undefined) continue;
    else if (key === 'layout') leaves.numbers.set(name, { value: addTextToChecksum(emptyChecksum, JSON.stringify(child)) });
    else if (key === 'shards') collectPieces(child, path, leaves);
    else if (typeof child === 'number') leaves.numbers.set(name, { value: child, ...(shapeNumbers.includes(key) ? {} : { set: value => { Object.assign(holder, { [key]: value }); } }) });
    else if (ArrayBuffer.isView(child)) addPiece(child, name, leaves);
    else collect(child, at, leaves);
  }
}

function collectPieces(shards: StateTree, path: readonly string[], leaves: StateLeaves): void {
  if (typeof shards !== 'object') return;
  for (const shard of Object.values(shards) as StateTree[]) {
    if (typeof shard !== 'object') continue;
    for (const [key, piece] of Object.entries(shard) as [string, StateTree][]) {
      if (ArrayBuffer.isView(piece)) addPiece(piece, [...path, key].join('.'), leaves);
    }
  }
}

function addPiece(piece: ArrayBufferView, name: string, { arrays }: StateLeaves): void {
  if (!isStoredArray(piece)) throw new Error(`${name} is a ${piece.constructor.name}, which no saved state holds. Use a typed array of floats or of integers up to 32 bits.`);
  const pieces = arrays.get(name);
  if (pieces === undefined) arrays.set(name, [piece]);
  else pieces.push(piece);
}
