/** Floating-point operations of the products and convolutions on TensorFlow.js's tape, by their shapes: 2 for each multiplication and addition. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TapeNode } from '../../backends/engine';
import { sizeOf } from '../model';

/** Undefined where the node is neither. Fused products stand on the tape under the name of the function that made them. */
export function productFlops({ kernelName, inputs, outputs }: TapeNode): number | undefined {
  const output = sizeOf(outputs[0]?.shape ?? []);
  const operands = Object.values(inputs as Record<string, Tensor | undefined>);
  const [first, second] = [operands[0]?.shape ?? [], operands[1]?.shape ?? []];
  switch (kernelName) {
    case 'BatchMatMul': case 'fusedMatMul__op':
      // Whichever way the operands lie: |a| |b| / |out| is the square of the depth, of one matrix.
      return 2 * output * Math.sqrt(sizeOf(first.slice(-2)) * sizeOf(second.slice(-2)) / sizeOf(outputs[0]?.shape.slice(-2) ?? [1]));
    case 'Conv2D': case 'fusedConv2d__op': return 2 * output * sizeOf(second.slice(0, 3));
    case 'Conv3D': return 2 * output * sizeOf(second.slice(0, 4));
    case 'DepthwiseConv2dNative': case 'fusedDepthwiseConv2d__op': return 2 * output * sizeOf(second.slice(0, 2));
    case 'Reshape': case 'Identity': case 'Cast': case 'Transpose': case 'Slice': case 'StridedSlice': case 'Concat': case 'Pack': case 'Unpack': case 'GatherV2': case 'PadV2': case 'Tile': case 'ExpandDims': case 'SplitV': case 'Reverse':
      return 0;
    default: return undefined;
  }
}
