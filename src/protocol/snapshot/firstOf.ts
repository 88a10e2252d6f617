/**
 * The first few of many in an order, without sorting the others: a heap of those found so far, the last of them on top, so that nearly every
 * other is left out by one comparison with it. They are walked through in a scattered order, since what comes sorted the other way round
 * would replace the top every time. Time: about n + k log k · log(n / k) comparisons for k of n.
 */

/** Negative where the one comes before the other. */
export type Order = (one: number, other: number) => number;

/** The first `most` of some numbers, in order. What of two comes first must not depend on where they stand. */
export function firstOf(items: Uint32Array, most: number, order: Order): number[] {
  const found: number[] = [];
  const step = strideThrough(items.length);
  for (let count = 0, at = 0; count < items.length; count++, at += at + step < items.length ? step : step - items.length) {
    const item = items[at] ?? 0;
    if (found.length < most) rise(found, item, order);
    else if (most > 0 && order(item, found[0] ?? 0) < 0) sink(found, item, order);
  }
  return found.sort(order);
}

/** Steps of the golden ratio reach every place once where the two lengths have no common divisor. */
function strideThrough(length: number): number {
  let step = Math.max(1, Math.floor(length * 0.618));
  while (greatestCommonDivisor(step, length) > 1) step++;
  return step;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}

function rise(heap: number[], item: number, order: Order): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (order(heap[above] ?? 0, item) >= 0) break;
    heap[at] = heap[above] ?? 0;
    at = above;
  }
  heap[at] = item;
}

/** In place of the top. */
function sink(heap: number[], item: number, order: Order): void {
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    if (left >= heap.length) break;
    const below = right < heap.length && order(heap[right] ?? 0, heap[left] ?? 0) > 0 ? right : left;
    if (order(heap[below] ?? 0, item) <= 0) break;
    heap[at] = heap[below] ?? 0;
    at = below;
  }
  heap[at] = item;
}
