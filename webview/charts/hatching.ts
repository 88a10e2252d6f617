/** A colour as diagonal hatching on the background: the second channel beside colour in high contrast themes. */
export function hatching(color: string, background: string): CanvasPattern | string {
  const size = 8;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const context = tile.getContext('2d');
  if (context === null) return color;
  context.fillStyle = background;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = color;
  context.lineWidth = 3;
  // The same line thrice, shifted by one tile, so that the corners meet.
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
    context.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? color;
}
