/** PackHalf and UnpackHalf on typed arrays. */
import { backend as currentBackend, getKernel, registerKernel, util, type DataId, type KernelFunc, type TensorInfo, type TypedArray } from '@tensorflow/tfjs-core';
import { packBits, unpackBits } from './halfBits';
import { packHalfName, packedSize, unpackHalfName, type PackAttributes, type UnpackAttributes } from './halfKernels';

/** What we use of TensorFlow.js's backend. */
interface CpuBackend {
  readonly data: { get(dataId: DataId): { readonly values: TypedArray } };
  makeTensorInfo(shape: readonly number[], dtype: string, values: TypedArray): TensorInfo;
}

/** Once for a process. */
export function registerHalfOnCpu(): void {
  const isThere = (name: string) => Boolean(getKernel(name, 'cpu'));
  if (!isThere(packHalfName)) registerKernel({ kernelName: packHalfName, backendName: 'cpu', kernelFunc: pack });
  if (!isThere(unpackHalfName)) registerKernel({ kernelName: unpackHalfName, backendName: 'cpu', kernelFunc: unpack });
}

const pack: KernelFunc = ({ inputs, attrs }) => {
  const [x, { format }] = [inputs['x'] as TensorInfo, attrs as unknown as PackAttributes];
  const values = valuesOf(x);
  // What was cast to float32 without loss still lies in the array that it was cast from.
  const { buffer, byteOffset, length } = values instanceof Float32Array ? values : Float32Array.from(values);
  const packed = new Int32Array(packedSize(length));
  packBits(new Uint32Array(buffer, byteOffset, length), format, new Uint16Array(packed.buffer, 0, length));
  return cpu().makeTensorInfo([packed.length], 'int32', packed);
};

const unpack: KernelFunc = ({ inputs, attrs }) => {
  const { format, shape } = attrs as unknown as UnpackAttributes;
  const { buffer, byteOffset, length } = valuesOf(inputs['packed'] as TensorInfo);
  const values = new Float32Array(util.sizeFromShape([...shape]));
  unpackBits(new Uint16Array(buffer, byteOffset, 2 * length), format, new Uint32Array(values.buffer));
  return cpu().makeTensorInfo(shape, 'float32', values);
};

function cpu(): CpuBackend {
  return currentBackend() as unknown as CpuBackend;
}

function valuesOf({ dataId }: TensorInfo): TypedArray {
  return cpu().data.get(dataId).values;
}
