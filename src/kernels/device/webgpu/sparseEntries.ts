/** How shaders read the entries of sparse rows, whose indices may be 16 bits wide, two in a word, and values bfloat16. */
import { runColumns } from '../blockLayout';
import type { RowFormat } from '../rowFormat';

/** Columns of the table of runs, as WGSL constants. The table is an input named `runs`; the uniform `runCount` counts its rows. */
export const runTable = `
${runColumns.map((column, index) => `const ${column} = ${index};`).join('\n')}

fn ofRun(run : i32, column : i32) -> i32 { return runs[run * ${runColumns.length} + column]; }

// The last run whose "column", a count of what lies before it, is not above "at".
fn runOf(at : i32, column : i32) -> i32 {
  var low = 0;
  var high = uniforms.runCount - 1;
  while (low < high) {
    let middle = (low + high + 1) / 2;
    if (ofRun(middle, column) <= at) { low = middle; } else { high = middle - 1; }
  }
  return low;
}

// Where the block begins that entry "at" of a row, in "run", belongs to.
fn blockOf(run : i32, at : i32) -> i32 {
  return ofRun(run, start) + (at - ofRun(run, keptBefore)) / ofRun(run, keptPerBlock) * ofRun(run, blockSize);
}
`;

/** Reads entry `at` of row `row`; the uniform `kept` is the length of a row. Inputs `indices` and `values`. */
export function entryReaders({ packedIndices, packedValues }: RowFormat): string {
  return `
fn halfOf(word : u32, at : i32) -> u32 { return (word >> (16u * u32(at & 1))) & 0xffffu; }

fn indexAt(row : i32, at : i32, run : i32) -> i32 {
  ${packedIndices ? 'return blockOf(run, at) + i32(halfOf(bitcast<u32>(indices[row * ((uniforms.kept + 1) / 2) + at / 2]), at));' : 'return indices[row * uniforms.kept + at];'}
}

fn valueAt(row : i32, at : i32) -> u32 {
  ${packedValues ? 'return halfOf(bitcast<u32>(values[row * ((uniforms.kept + 1) / 2) + at / 2]), at) << 16u;' : 'return bitcast<u32>(values[row * uniforms.kept + at]);'}
}
`;
}

export function formatName({ packedIndices, packedValues }: RowFormat): string {
  return `${packedIndices ? 'u16' : 'i32'} ${packedValues ? 'bf16' : 'f32'}`;
}
