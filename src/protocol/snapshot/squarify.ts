/** Cuts a rectangle into areas in proportion to bytes, each as near to a square as its row allows. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Largest first. Every item must have bytes. */
export function squarify<Item extends { readonly bytes: number }>(items: readonly Item[], room: Rectangle): [item: Item, place: Rectangle][] {
  const sorted = items.toSorted((a, b) => b.bytes - a.bytes);
  const placed: [Item, Rectangle][] = [];
  let rest = sorted.reduce((sum, { bytes }) => sum + bytes, 0);
  for (let start = 0, free = room; start < sorted.length;) {
    const side = Math.min(free.width, free.height);
    const scale = rest === 0 ? 0 : free.width * free.height / rest;
    const { end, sum } = rowFrom(sorted, start, side, scale);
    const share = rest === 0 ? 0 : sum / rest;
    const across = free.width >= free.height;
    const thickness = (across ? free.width : free.height) * share;
    for (let at = start, offset = 0; at < end; at++) {
      const item = sorted[at];
      if (item === undefined) break;
      const length = sum === 0 ? 0 : side * item.bytes / sum;
      placed.push([item, across ? { x: free.x, y: free.y + offset, width: thickness, height: length } : { x: free.x + offset, y: free.y, width: length, height: thickness }]);
      offset += length;
    }
    free = across
      ? { ...free, x: free.x + thickness, width: Math.max(0, free.width - thickness) }
      : { ...free, y: free.y + thickness, height: Math.max(0, free.height - thickness) };
    rest -= sum;
    start = end;
  }
  return placed;
}

/** Takes items as long as the worst ratio of sides in the row does not grow. */
function rowFrom(sorted: readonly { readonly bytes: number }[], start: number, side: number, scale: number): { end: number; sum: number } {
  let [end, sum, worst] = [start, 0, Infinity];
  const largest = sorted[start]?.bytes ?? 0;
  for (; end < sorted.length; end++) {
    const smallest = sorted[end]?.bytes ?? 0;
    const longer = sum + smallest;
    const [square, area] = [side * side, longer * longer * scale];
    const ratio = Math.max(square * largest / area, area / (square * smallest));
    if (ratio > worst) break;
    [sum, worst] = [longer, ratio];
  }
  return end === start ? { end: start + 1, sum: largest } : { end, sum };
}
