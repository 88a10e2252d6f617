/**
 * Grey images of 28 by 28 as colour images of 32 by 32, CIFAR's shape: two pixels of zeros all around, and the same grey in each of
 * the three channels, one after another as in CIFAR's files. So models made for CIFAR train on real images where there is no CIFAR.
 */
import type { ImageSource } from './images';

const side = 32;
const channels = 3;

export function asColourImages(source: ImageSource): ImageSource {
  const [height, width, depth] = source.shape;
  if (depth !== 1 || height > side || width > side) throw new Error(`Images of ${source.shape.join(' x ')} cannot become ${side} x ${side} x ${channels}: grey images of at most ${side} by ${side} can. Choose another data set.`);
  const pixels = new Uint8Array(side * side * channels);
  const [top, left] = [(side - height) >> 1, (side - width) >> 1];
  return {
    ...source, name: `${source.name}, ${side}x${side}x${channels}`, shape: [side, side, channels], layout: 'planar', bytes: source.bytes + pixels.byteLength,
    read: example => {
      const grey = source.read(example);
      for (let channel = 0; channel < channels; channel++) {
        for (let y = 0; y < height; y++) pixels.set(grey.pixels.subarray(y * width, (y + 1) * width), (channel * side + top + y) * side + left);
      }
      return { pixels, label: grey.label };
    },
  };
}
