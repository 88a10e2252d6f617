/**
 * The magnitude that separates the largest entries of a run from the rest, exactly and without sorting.
 *
 * The bits of |x|, read as an integer, are ordered like |x| itself. Histograms over their digits (11, 10 and 10 bits, the
 * highest first) narrow down the one bit pattern at which the count of larger entries reaches `kept`: three passes at most.
 * Short runs, for which clearing the histograms would dominate, find the pattern bit by bit instead.
 * Holds 24 KiB of histograms, whatever the length of the run.
 */
export interface MagnitudeCut {
  /** Every entry whose magnitude bits are above this is kept. */
  above: number;
  /** So many of the entries whose magnitude bits equal it are kept as well, the first ones. */
  ties: number;
}

const magnitudeBits = 0x7fffffff;
const shortRun = 128;
/** Two histograms side by side: neighbours of equal exponent would otherwise wait for one another's increment. */
const high = new Uint32Array(2 * 2048);
const middle = new Uint32Array(1024);
const low = new Uint32Array(1024);

/** `bits` is the vector seen as 32-bit integers; 1 <= kept <= end - start. The answer is written to `cut`. */
export function findMagnitudeCut(bits: Int32Array, start: number, end: number, kept: number, cut: MagnitudeCut): void {
  if (kept >= end - start) set(cut, -1, 0);
  else if (end - start < shortRun) cutBitByBit(bits, start, end, kept, cut);
  else cutByHistogram(bits, start, end, kept, cut);
}

function cutByHistogram(bits: Int32Array, start: number, end: number, kept: number, cut: MagnitudeCut): void {
  countHigh(bits, start, end);
  let larger = 0;
  let digit = 2047;
  for (; larger + highCount(digit) < kept; digit--) larger += highCount(digit);
  let prefix = digit;

  countDigits(bits, start, end, prefix, 20, middle);
  for (digit = 1023; larger + (middle[digit] ?? 0) < kept; digit--) larger += middle[digit] ?? 0;
  prefix = prefix * 1024 + digit;
  if (larger + (middle[digit] ?? 0) === kept) { set(cut, prefix * 1024 - 1, 0); return; }

  countDigits(bits, start, end, prefix, 10, low);
  for (digit = 1023; larger + (low[digit] ?? 0) < kept; digit--) larger += low[digit] ?? 0;
  set(cut, prefix * 1024 + digit, kept - larger);
}

function countHigh(bits: Int32Array, start: number, end: number): void {
  high.fill(0);
  let at = start;
  for (; at + 1 < end; at += 2) {
    const first = ((bits[at] ?? 0) & magnitudeBits) >>> 20;
    const second = 2048 + (((bits[at + 1] ?? 0) & magnitudeBits) >>> 20);
    high[first] = (high[first] ?? 0) + 1;
    high[second] = (high[second] ?? 0) + 1;
  }
  if (at < end) {
    const last = ((bits[at] ?? 0) & magnitudeBits) >>> 20;
    high[last] = (high[last] ?? 0) + 1;
  }
}

function highCount(digit: number): number {
  return (high[digit] ?? 0) + (high[2048 + digit] ?? 0);
}

/** Counts the next ten bits of the entries whose bits above `shift` are `prefix`. */
function countDigits(bits: Int32Array, start: number, end: number, prefix: number, shift: number, counts: Uint32Array): void {
  counts.fill(0);
  for (let at = start; at < end; at++) {
    const magnitude = (bits[at] ?? 0) & magnitudeBits;
    if (magnitude >>> shift === prefix) {
      const digit = (magnitude >>> (shift - 10)) & 1023;
      counts[digit] = (counts[digit] ?? 0) + 1;
    }
  }
}

function cutBitByBit(bits: Int32Array, start: number, end: number, kept: number, cut: MagnitudeCut): void {
  let found = 0;
  for (let bit = 1 << 30; bit !== 0; bit >>>= 1) {
    const trial = found | bit;
    const count = countAbove(bits, start, end, trial - 1);
    if (count === kept) { set(cut, trial - 1, 0); return; }
    if (count > kept) found = trial;
  }
  set(cut, found, kept - countAbove(bits, start, end, found));
}

function countAbove(bits: Int32Array, start: number, end: number, magnitude: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (((bits[at] ?? 0) & magnitudeBits) > magnitude) count++;
  return count;
}

function set(cut: MagnitudeCut, above: number, ties: number): void {
  cut.above = above;
  cut.ties = ties;
}
