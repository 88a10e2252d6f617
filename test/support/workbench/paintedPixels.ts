import type { Locator } from 'playwright-core';

/** How many pixels of a canvas carry paint, and a number that changes when the picture does. */
export function paintedPixels(canvas: Locator): Promise<{ painted: number; fingerprint: number }> {
  return canvas.evaluate(element => {
    if (!(element instanceof HTMLCanvasElement)) throw new Error(`expected a canvas, got <${element.tagName.toLowerCase()}>`);
    const copy = new OffscreenCanvas(element.width, element.height).getContext('2d', { willReadFrequently: true })!; // reading the original would slow it down
    copy.drawImage(element, 0, 0);
    const { data } = copy.getImageData(0, 0, element.width, element.height);
    let painted = 0;
    let fingerprint = 0;
    for (let pixel = 0; pixel < data.length; pixel += 4) {
      if (data[pixel + 3] !== 0) painted++;
      for (let channel = 0; channel < 4; channel++) fingerprint = (Math.imul(fingerprint, 31) + data[pixel + channel]!) >>> 0;
    }
    return { painted, fingerprint };
  });
}
