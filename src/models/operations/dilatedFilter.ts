/**
 * A convolution whose taps lie d apart is one with a filter of (k - 1) d + 1 taps, most of them zero. TensorFlow.js's gradient kernels
 * take no dilation, so they are given that filter; only the taps that are there are read back.
 */
import { pad, reshape, slice, stridedSlice, type Tensor } from '@tensorflow/tfjs-core';

/** filter [rows, columns, channels, filters] with zeros between its taps. */
export function asDilated(filter: Tensor, [rowDilation, columnDilation]: readonly [number, number]): Tensor {
  if (rowDilation === 1 && columnDilation === 1) return filter;
  const [rows = 0, columns = 0, channels = 0, filters = 0] = filter.shape;
  const apart = pad(reshape(filter, [rows, 1, columns, channels * filters]), [[0, 0], [0, rowDilation - 1], [0, 0], [0, 0]]);
  const rowsApart = reshape(apart, [rows * rowDilation, columns, 1, channels * filters]);
  const stuffed = reshape(pad(rowsApart, [[0, 0], [0, 0], [0, columnDilation - 1], [0, 0]]), [rows * rowDilation, columns * columnDilation, channels, filters]);
  return slice(stuffed, [0, 0, 0, 0], [(rows - 1) * rowDilation + 1, (columns - 1) * columnDilation + 1, channels, filters]);
}

/** The gradient of the taps that are there, from that of the filter with zeros. */
export function ofDilated(gradient: Tensor, [rowDilation, columnDilation]: readonly [number, number]): Tensor {
  if (rowDilation === 1 && columnDilation === 1) return gradient;
  return stridedSlice(gradient, [0, 0, 0, 0], gradient.shape, [rowDilation, columnDilation, 1, 1]);
}
