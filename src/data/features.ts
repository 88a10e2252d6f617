/**
 * Made-up features for a linear probe, in the shape of the published experiment (arXiv 2306.06098, section 5: features of a frozen
 * image encoder, 768 numbers, 1,000 classes): 20,000 examples, 20 of each class.
 *
 *   x = R S (0.25 m + e),  m in {-1, 1}^768 of the class, e standard normal, S = diag(s) with s_k^2 ~ 1 / k, R orthonormal
 *
 * The covariance within a class has the power law of trained encoders and a condition number of 768, and R (signs, then
 * Walsh and Hadamard's transform within three blocks of 256) lets no single feature show it: a diagonal step size cannot undo it.
 * The mean square of a feature is 1.06. Measured on 2,000 held-out examples: by the true means, whitened, all are told; by means of
 * 18 examples a class, 94 % whitened, and 5 % as the features are.
 *
 * Every number follows from seed, example and place by a hash, so nothing is held but s and the signs: 6,144 bytes.
 */
import type { Dataset } from './dataset';
import { noAugmentation } from './moves';

const width = 768;
const blockWidth = 256;
const blocks = width / blockWidth;
const classes = 1000;
const examples = 20_000;
const separation = 0.25;

export function features(seed: number): Dataset {
  const [noise, means, signs] = [keyOf(seed, 1), keyOf(seed, 2), keyOf(seed, 3)];
  const scales = scalesOf();
  const turned = Float32Array.from({ length: width }, (_, place) => signAt(signs, place));
  return {
    name: 'features', examples, ownValidation: 0, classes, labelKind: 'classNumbers', inputs: [{ shape: [width], dtype: 'float32' }], labels: { shape: [], dtype: 'int32' },
    augmentation: noAugmentation, bytes: scales.byteLength + turned.byteLength, close: () => undefined,
    make: wanted => {
      const values = new Float32Array(wanted.length * width);
      wanted.forEach((example, row) => {
        const x = values.subarray(row * width, (row + 1) * width);
        addNoise(noise, example, x);
        for (let place = 0; place < width; place++) {
          const whole = (x[place] ?? 0) + separation * signAt(means, (example % classes) * width + place);
          x[place] = whole * (scales[place] ?? 0) * (turned[place] ?? 0);
        }
        for (let block = 0; block < blocks; block++) transform(x.subarray(block * blockWidth, (block + 1) * blockWidth));
      });
      return { inputs: [{ values, shape: [wanted.length, width] }], labels: { values: Int32Array.from(wanted, example => example % classes), shape: [wanted.length] } };
    },
  };
}

/** s in the order of the blocks, which share the ranks k in turn, over the length of a column of the transform; its squares have the mean 1. */
function scalesOf(): Float32Array {
  const harmonic = Array.from({ length: width }, (_, index) => 1 / (index + 1)).reduce((sum, term) => sum + term, 0);
  return Float32Array.from({ length: width }, (_, place) => {
    const rank = blocks * (place % blockWidth) + Math.floor(place / blockWidth) + 1;
    return Math.sqrt(width / harmonic / rank / blockWidth);
  });
}

/** Walsh and Hadamard's transform in place: products with a matrix of ones and minus ones whose columns are orthogonal. */
function transform(x: Float32Array): void {
  for (let half = 1; half < x.length; half *= 2) {
    for (let start = 0; start < x.length; start += 2 * half) {
      for (let at = start; at < start + half; at++) {
        const [first, second] = [x[at] ?? 0, x[at + half] ?? 0];
        x[at] = first + second;
        x[at + half] = first - second;
      }
    }
  }
}

/** Standard normal deviates, two at a time by Box and Muller. */
function addNoise(key: number, example: number, x: Float32Array): void {
  for (let place = 0; place < width; place += 2) {
    const counter = example * width + place;
    const radius = Math.sqrt(-2 * Math.log((hashed(key, counter) + 1) / 2 ** 32));
    const angle = 2 * Math.PI * hashed(key, counter + 1) / 2 ** 32;
    x[place] = radius * Math.cos(angle);
    x[place + 1] = radius * Math.sin(angle);
  }
}

/** One bit of a hash that serves 32 neighbours. */
function signAt(key: number, place: number): number {
  return (hashed(key, place >>> 5) >>> (place & 31)) & 1 ? 1 : -1;
}

function keyOf(seed: number, stream: number): number {
  return scrambled(scrambled(seed) + stream);
}

/** In [0, 2^32), one to one in the counter. */
function hashed(key: number, counter: number): number {
  return scrambled(counter ^ key);
}

/** The last steps of MurmurHash3: every bit of the argument turns each bit of the result in half of all cases. */
function scrambled(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
