/**
 * Data sets of images whose pixels are bytes. In training an image may be moved and mirrored; what its border leaves free is zero,
 * or is filled by reflection at the outermost pixels. A level b of channel c becomes (b / 255 - mean_c) / deviation_c.
 *
 * Bytes held: those of the source, and 1,024 for each channel.
 */
import type { Dataset, HostBatch } from './dataset';
import type { Augmentation, Move } from './moves';

export interface ImageSource {
  readonly name: string;
  readonly examples: number;
  readonly ownValidation: number;
  readonly classes: number;
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Whether a pixel's channels lie side by side, or every channel is a picture of its own, one after another. */
  readonly layout: 'interleaved' | 'planar';
  readonly bytes: number;
  /** Pixels and label; the pixels are valid until the next call. */
  read(example: number): LabelledImage;
  close(): void;
}

export interface LabelledImage {
  readonly pixels: Uint8Array;
  readonly label: number;
}

export interface ImageTreatment {
  readonly border: 'zero' | 'reflect';
  readonly augmentation: Augmentation;
  /** Of levels from 0 to 1, by channel. Absent: levels stay as they are. */
  readonly normalisation?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
}

export function imageDataset(source: ImageSource, treatment: ImageTreatment): Dataset {
  const { name, examples, ownValidation, classes, shape, bytes } = source;
  const size = shape[0] * shape[1] * shape[2];
  const levels = levelTables(shape[2], treatment.normalisation);
  const make = (wanted: Uint32Array, moves: readonly Move[] = []): HostBatch => {
    const values = new Float32Array(wanted.length * size);
    const labels = new Int32Array(wanted.length);
    wanted.forEach((example, row) => {
      const { pixels, label } = source.read(example);
      labels[row] = label;
      copyImage(source, pixels, levels, moves[row] ?? still, treatment.border, values.subarray(row * size, (row + 1) * size));
    });
    return { inputs: [{ values, shape: [wanted.length, ...shape] }], labels: { values: labels, shape: [wanted.length] } };
  };
  return {
    name, examples, ownValidation, classes, bytes, make,
    inputs: [{ shape, dtype: 'float32' }], labels: { shape: [], dtype: 'int32' }, labelKind: 'classNumbers', augmentation: treatment.augmentation, close: () => { source.close(); },
  };
}

const still: Move = [0, 0];

/** What each of the 256 levels becomes, by channel. */
function levelTables(channels: number, normalisation: ImageTreatment['normalisation']): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const { [channel]: mean = 0 } = normalisation?.mean ?? [];
    const { [channel]: deviation = 1 } = normalisation?.deviation ?? [];
    return Float32Array.from({ length: 256 }, (__, level) => (level / 255 - mean) / deviation);
  });
}

function copyImage({ shape: [height, width, channels], layout }: ImageSource, pixels: Uint8Array, levels: readonly Float32Array[], [down, right, mirrored = false]: Move, border: ImageTreatment['border'], values: Float32Array): void {
  const [perPixel, perChannel] = layout === 'planar' ? [1, height * width] : [channels, 1];
  const rows = origins(height, down, false, border);
  const columns = origins(width, right, mirrored, border);
  for (let channel = 0; channel < channels; channel++) {
    const table = levels[channel] as Float32Array;
    const outside = table[0] as number;
    let at = channel;
    for (const row of rows) {
      const start = row * width * perPixel + channel * perChannel;
      for (let x = 0; x < width; x++, at += channels) {
        const column = columns[x] as number;
        values[at] = row < 0 || column < 0 ? outside : table[pixels[start + column * perPixel] as number] as number;
      }
    }
  }
}

/** Along one axis: where each pixel comes from, -1 for nowhere. */
function origins(length: number, by: number, mirrored: boolean, border: ImageTreatment['border']): Int32Array {
  const place = border === 'reflect' ? reflected : inside;
  const from = new Int32Array(length);
  for (let at = 0; at < length; at++) from[at] = place((mirrored ? length - 1 - at : at) - by, length);
  return from;
}

/** The place itself, or -1 beyond the picture. */
function inside(at: number, length: number): number {
  return at < length ? at : -1;
}

/** A place beyond the border is as far on this side of the outermost pixel. */
function reflected(at: number, length: number): number {
  const away = Math.abs(at);
  return away < length ? away : 2 * (length - 1) - away;
}
