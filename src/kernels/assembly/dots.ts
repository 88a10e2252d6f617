/**
 * Dot products of the rows of one panel with one sparse row, in float64. The row is written out into `tile`, and its support
 * into `map`, a byte an entry. Two random supports of density p share p^2 of all places, so most groups of eight window
 * entries meet nothing of the row: they cost eight loads of an index and eight of the map, and their values are not read.
 *
 * `tile` (float32) and `map` are zero before and after. Values are float32, or bfloat16 where `narrow`.
 */
import { readValue } from './values';

/** Rows whose hits are gathered before the first of them is read, so that many reads are under way at a time. */
const rowsAtATime: usize = 64;

export function dots(
  windowValues: usize, windowIndices: usize, kept: usize, rows: usize, narrow: bool,
  rowValues: usize, rowIndices: usize, tile: usize, map: usize, hits: usize, sums: usize,
): void {
  for (let i: usize = 0; i < kept; i++) {
    const at = <usize>load<u16>(rowIndices + (i << 1));
    store<f32>(tile + (at << 2), readValue(rowValues, i, narrow));
    store<u8>(map + at, 4);
  }
  const ends = hits;
  const list = hits + rowsAtATime * 4;
  for (let first: usize = 0; first < rows; first += rowsAtATime) {
    const last = min(first + rowsAtATime, rows);
    let end = list;
    for (let r = first; r < last; r++) {
      end = findHits(windowIndices + r * kept * 2, r * kept, kept, map, end);
      store<u32>(ends + ((r - first) << 2), end);
    }
    let at = list;
    for (let r = first; r < last; r++) {
      const sum = sums + (r << 3);
      const stop = load<u32>(ends + ((r - first) << 2));
      store<f64>(sum, load<f64>(sum) + (narrow ? sumHits<u16>(windowValues, windowIndices, at, stop, tile) : sumHits<f32>(windowValues, windowIndices, at, stop, tile)));
      at = stop;
    }
  }
  for (let i: usize = 0; i < kept; i++) {
    const at = <usize>load<u16>(rowIndices + (i << 1));
    store<f32>(tile + (at << 2), 0);
    store<u8>(map + at, 0);
  }
}

// @ts-ignore: decorator
@inline
function isMet(map: usize, index: u64): usize {
  return <usize>load<u8>(map + <usize>(index & 0xffff));
}

/** Appends the entries of one row that the sparse row keeps too, without a branch; returns the new end of the list. */
function findHits(indices: usize, before: usize, kept: usize, map: usize, list: usize): usize {
  const whole = kept & ~3;
  let end = list;
  let i: usize = 0;
  for (; i < whole; i += 4) {
    const four = load<u64>(indices + (i << 1));
    const entry = before + i;
    store<u32>(end, entry);
    end += isMet(map, four);
    store<u32>(end, entry + 1);
    end += isMet(map, four >> 16);
    store<u32>(end, entry + 2);
    end += isMet(map, four >> 32);
    store<u32>(end, entry + 3);
    end += isMet(map, four >> 48);
  }
  for (; i < kept; i++) {
    store<u32>(end, before + i);
    end += isMet(map, load<u16>(indices + (i << 1)));
  }
  return end;
}

function sumHits<T>(values: usize, indices: usize, from: usize, to: usize, tile: usize): f64 {
  let sum: f64 = 0;
  for (let at = from; at < to; at += 4) {
    const entry = <usize>load<u32>(at);
    const value = sizeof<T>() == 2 ? reinterpret<f32>(<u32>load<u16>(values + (entry << 1)) << 16) : load<f32>(values + (entry << 2));
    sum += <f64>value * <f64>load<f32>(tile + (<usize>load<u16>(indices + (entry << 1)) << 2));
  }
  return sum;
}
