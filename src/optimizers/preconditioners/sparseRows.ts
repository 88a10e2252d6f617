/** How sparse rows move to a layout that cuts the vector into the same blocks, but keeps more or fewer entries of each. */
import { bitsOfFloat, fromBfloat16, roundToBfloat16 } from '../../kernels/bfloat16';
import { findMagnitudeCut, type MagnitudeCut } from '../../kernels/magnitudeCut';
import { forEachPanel, type Indices, type PanelLayout, type SparseRows, type Values } from '../../kernels/panelLayout';

export function sameBlocks(a: PanelLayout, b: PanelLayout): boolean {
  return a.panels.length === b.panels.length && a.panels.every(({ start, length, blockSize }, index) => {
    const other = b.panels[index];
    return start === other?.start && length === other.length && blockSize === other.blockSize;
  });
}

/** A run of entries of one row: some block of it. */
interface Stretch {
  readonly values: Values;
  readonly indices: Indices;
  readonly from: number;
  readonly length: number;
}

/**
 * Row `slot` of `source` becomes row `target` of `result`, as the Top-K of the new layout would leave it, without being
 * written out in full. A block that keeps fewer entries is cut to its largest (of equal ones the lowest index); a block that
 * keeps more is filled up with zeros at the lowest free indices.
 */
export function refitRow(source: SparseRows, slot: number, result: SparseRows, target: number): void {
  const places: { readonly values: Values; readonly indices: Indices; readonly at: number }[] = [];
  forEachPanel(result, ({ kept }, { windowValues, windowIndices }, offset) => { places.push({ values: windowValues, indices: windowIndices, at: offset + target * kept }); });
  let index = 0;
  forEachPanel(source, (panel, { windowValues, windowIndices }, offset) => {
    const [place, wanted] = [places[index], result.layout.panels[index]];
    index++;
    if (place === undefined || wanted === undefined) return;
    const blocks = Math.ceil(panel.length / panel.blockSize);
    for (let block = 0; block < blocks; block++) {
      const isLast = block === blocks - 1;
      refitBlock(
        { values: windowValues, indices: windowIndices, from: offset + slot * panel.kept + block * panel.keptPerBlock, length: isLast ? panel.keptInLast : panel.keptPerBlock },
        { values: place.values, indices: place.indices, from: place.at + block * wanted.keptPerBlock, length: isLast ? wanted.keptInLast : wanted.keptPerBlock },
        block * panel.blockSize,
      );
    }
  });
}

function refitBlock(source: Stretch, result: Stretch, start: number): void {
  if (result.length < source.length) truncate(source, result);
  else extend(source, result, start);
}

const cut: MagnitudeCut = { above: 0, ties: 0 };

function truncate(source: Stretch, result: Stretch): void {
  const bits = bitsOf(source);
  findMagnitudeCut(bits, 0, bits.length, result.length, cut);
  let [ties, put] = [cut.ties, 0];
  for (let at = 0; at < bits.length; at++) {
    const magnitude = (bits[at] ?? 0) & 0x7fffffff;
    if (magnitude > cut.above || (magnitude === cut.above && ties-- > 0)) copyEntry(source, at, result, put++);
  }
}

/** Merges the block's entries with zeros at the lowest indices it does not have, so that indices still ascend. */
function extend(source: Stretch, result: Stretch, start: number): void {
  let [taken, free, put] = [0, result.length - source.length, 0];
  for (let index = start; put < result.length; index++) {
    const isTaken = taken < source.length && source.indices[source.from + taken] === index;
    if (isTaken || free === 0) {
      copyEntry(source, taken++, result, put++);
    } else {
      result.indices[result.from + put] = index;
      result.values[result.from + put++] = 0;
      free--;
    }
  }
}

/** The entries as the bits of float32. */
function bitsOf({ values, from, length }: Stretch): Int32Array {
  if (values instanceof Float32Array) return new Int32Array(values.slice(from, from + length).buffer);
  return Int32Array.from({ length }, (_, at) => (values[from + at] ?? 0) << 16);
}

function copyEntry(source: Stretch, at: number, result: Stretch, put: number): void {
  const held = source.values[source.from + at] ?? 0;
  const value = source.values instanceof Uint16Array ? fromBfloat16(held) : held;
  result.values[result.from + put] = result.values instanceof Uint16Array ? roundToBfloat16(bitsOfFloat(value)) : value;
  result.indices[result.from + put] = source.indices[source.from + at] ?? 0;
}
