/**
 * Adam's scaling with both moments in 8 bits (arXiv 2110.02861): each block of 256 entries of a tensor is held as codes of
 * its entries divided by its largest magnitude. Tensors of fewer than 4096 entries stay in float32. An update is computed
 * from the decoded moments and the gradient before anything is encoded again.
 *
 * The second moment divides, so two things are done for it. An entry that is not 0 never gets the code of 0: beside a block's
 * outlier it would, and its first moment would then be divided by epsilon. And it is rounded up or down at random, in
 * proportion, by a hash of step and place: rounded to nearest, a change of 1 - beta2 = 0.1 % a step is less than half the
 * distance of two codes, so that a moment would never follow a gradient that shrinks.
 *
 * Holds 2 + 8/256 bytes per parameter, and a block of both moments as scratch.
 */
import { decodeSigned, decodeUnsigned, ditherAt, encodeSigned, encodeUnsigned } from '../kernels/dynamicCodes';
import { saturate } from '../kernels/saturate';
import { quantizedBlock, quantizedFrom } from '../settings/formulas/baselines';
import { adamStep, createMoments, largestSquarable, type AdamNumbers, type AdamState } from './adam';
import type { Transformation } from './transformation';

export type QuantizedMoment = { readonly codes: Uint8Array /* [n] */; readonly largest: Float32Array /* [blocks] */ };

export type Adam8bitTensor =
  | ({ readonly start: number } & AdamState)
  | { readonly start: number; readonly firstMoment: QuantizedMoment; readonly secondMoment: QuantizedMoment };

export type Adam8bitState = {
  readonly tensors: readonly Adam8bitTensor[];
  readonly scratch: BlockScratch | undefined;
};

type BlockScratch = { readonly first: Float64Array; readonly second: Float64Array };

export function scaleByAdam8bit(live: AdamNumbers): Transformation<Adam8bitState> {
  return {
    name: 'adam8bit',
    init: ({ tensors }) => ({
      tensors: tensors.map(({ start, length }) => length < quantizedFrom
        ? { start, ...createMoments(length) }
        : { start, firstMoment: createQuantized(length), secondMoment: createQuantized(length) }),
      scratch: tensors.some(({ length }) => length >= quantizedFrom) ? { first: new Float64Array(quantizedBlock), second: new Float64Array(quantizedBlock) } : undefined,
    }),
    update: ({ dense }, { tensors, scratch }, _parameters, step) => {
      for (const { start, firstMoment, secondMoment } of tensors) {
        if ('codes' in firstMoment) {
          if ('codes' in secondMoment && scratch !== undefined) quantizedStep(dense, start, firstMoment, secondMoment, live, step, scratch);
        } else if (!('codes' in secondMoment)) adamStep(dense, start, { firstMoment, secondMoment }, live, step);
      }
    },
  };
}

function createQuantized(length: number): QuantizedMoment {
  return { codes: new Uint8Array(length), largest: new Float32Array(Math.ceil(length / quantizedBlock)) };
}

function quantizedStep(
  dense: Float32Array, start: number, firstMoment: QuantizedMoment, secondMoment: QuantizedMoment, numbers: AdamNumbers, step: number, scratch: BlockScratch,
): void {
  const length = firstMoment.codes.length;
  for (let from = 0; from < length; from += quantizedBlock) {
    const count = Math.min(quantizedBlock, length - from);
    updateBlock(dense, start, from, count, firstMoment, secondMoment, numbers, step, scratch);
    encodeFirst(firstMoment, from, count, scratch.first);
    encodeSecond(secondMoment, from, count, scratch.second, step, start);
  }
}

/** u into `dense`, and both moments into scratch. */
function updateBlock(
  dense: Float32Array, start: number, from: number, count: number, firstMoment: QuantizedMoment, secondMoment: QuantizedMoment,
  { beta1, beta2, epsilon }: AdamNumbers, step: number, { first, second }: BlockScratch,
): void {
  const block = from / quantizedBlock;
  const [firstScale, secondScale] = [beta1 * (firstMoment.largest[block] ?? 0), beta2 * (secondMoment.largest[block] ?? 0)];
  const [firstCorrection, secondCorrection] = [1 - beta1 ** step, 1 - beta2 ** step];
  for (let at = 0; at < count; at++) {
    const place = start + from + at;
    const gradient = Math.max(-largestSquarable, Math.min(largestSquarable, dense[place] ?? 0));
    const mean = firstScale * decodeSigned(firstMoment.codes[from + at] ?? 0) + (1 - beta1) * gradient;
    const square = secondScale * decodeUnsigned(secondMoment.codes[from + at] ?? 0) + (1 - beta2) * gradient * gradient;
    first[at] = mean;
    second[at] = square;
    dense[place] = saturate(mean / firstCorrection / (Math.sqrt(square / secondCorrection) + epsilon));
  }
}

function encodeFirst({ codes, largest }: QuantizedMoment, from: number, count: number, entries: Float64Array): void {
  const scale = largestOf(entries, count);
  largest[from / quantizedBlock] = scale;
  for (let at = 0; at < count; at++) codes[from + at] = encodeSigned(scale === 0 ? 0 : (entries[at] ?? 0) / scale);
}

function encodeSecond({ codes, largest }: QuantizedMoment, from: number, count: number, entries: Float64Array, step: number, start: number): void {
  const scale = largestOf(entries, count);
  largest[from / quantizedBlock] = scale;
  for (let at = 0; at < count; at++) codes[from + at] = encodeUnsigned(scale === 0 ? 0 : (entries[at] ?? 0) / scale, ditherAt(step, start + from + at));
}

/** The largest magnitude, as float32 holds it. */
function largestOf(entries: Float64Array, count: number): number {
  let largest = 0;
  for (let at = 0; at < count; at++) largest = Math.max(largest, Math.abs(entries[at] ?? 0));
  return Math.fround(largest);
}
