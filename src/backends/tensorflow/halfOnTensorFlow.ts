/**
 * PackHalf and UnpackHalf by TensorFlow's own Cast to a type of two bytes, which rounds to nearest even, and Bitcast, which copies nothing.
 * TensorFlow.js has no such types, so the handles in between are the binding's own, and are freed here. That of a NaN keeps its sign and
 * more of its bits than ours.
 */
import { backend as currentBackend, getKernel, registerKernel, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { packHalfName, packedSize, unpackHalfName, type HalfFormat, type PackAttributes, type UnpackAttributes } from '../halfKernels';
import type { Handle, NodeBackend } from './nodeBackend';

/** As TensorFlow's C API numbers them. */
const dataTypes: Readonly<Record<HalfFormat, number>> = { float16: 19, bfloat16: 14 };

/** Once for a process. */
export function registerHalfOnTensorFlow(): void {
  for (const [kernelName, kernelFunc] of [[packHalfName, pack], [unpackHalfName, unpack]] as const) {
    if (!Boolean(getKernel(kernelName, 'tensorflow'))) registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}

const pack: KernelFunc = ({ inputs, attrs }) => {
  const [x, { format }] = [inputs['x'] as TensorInfo, attrs as unknown as PackAttributes];
  return withHandles(handles => {
    const [type, size] = [dataTypes[format], util.sizeFromShape(x.shape)];
    const halves = handles.reshape(handles.cast(handles.of(x), handles.float32, type), type, [size]);
    const even = size % 2 === 0 ? halves : handles.padOne(halves, type);
    return handles.result('Bitcast', [['T', type], ['type', handles.int32]], [handles.reshape(even, type, [packedSize(size), 2])]);
  });
};

const unpack: KernelFunc = ({ inputs, attrs }) => {
  const { format, shape } = attrs as unknown as UnpackAttributes;
  return withHandles(handles => {
    const [type, size] = [dataTypes[format], util.sizeFromShape([...shape])];
    const pairs = handles.run('Bitcast', [['T', handles.int32], ['type', type]], [handles.of(inputs['packed'] as TensorInfo)]);
    const all = handles.reshape(pairs, type, [2 * packedSize(size)]);
    const halves = size % 2 === 0 ? all : handles.first(all, type, size);
    return handles.result('Cast', [['SrcT', type], ['DstT', handles.float32]], [handles.reshape(halves, type, shape)], [['Truncate', false]]);
  });
};

function withHandles(compute: (handles: Handles) => TensorInfo): TensorInfo {
  const handles = new Handles(currentBackend() as unknown as NodeBackend);
  try {
    return compute(handles);
  } finally {
    handles.free();
  }
}

type Types = readonly (readonly [name: string, type: number])[];
type Flags = readonly (readonly [name: string, value: boolean])[];

/** Tensors of the binding's, alive until `free`. */
class Handles {
  private readonly made: number[] = [];

  constructor(private readonly backend: NodeBackend) {}

  get float32(): number { return this.backend.binding.TF_FLOAT; }
  get int32(): number { return this.backend.binding.TF_INT32; }

  of(tensor: TensorInfo): number {
    return this.backend.getInputTensorIds([tensor])[0] as number;
  }

  run(name: string, types: Types, inputs: readonly number[], flags: Flags = []): number {
    return this.own(this.execute(name, types, inputs, flags).id);
  }

  /** The same as a tensor of the engine's, which frees it. */
  result(name: string, types: Types, inputs: readonly number[], flags: Flags = []): TensorInfo {
    return this.backend.createOutputTensor(this.execute(name, types, inputs, flags));
  }

  cast(x: number, from: number, to: number): number {
    return this.run('Cast', [['SrcT', from], ['DstT', to]], [x], [['Truncate', false]]);
  }

  reshape(x: number, type: number, shape: readonly number[]): number {
    return this.run('Reshape', [['T', type], ['Tshape', this.int32]], [x, this.integers([shape.length], shape)]);
  }

  /** A zero behind the last of a vector. */
  padOne(x: number, type: number): number {
    return this.run('Pad', [['T', type], ['Tpaddings', this.int32]], [x, this.integers([1, 2], [0, 1])]);
  }

  first(x: number, type: number, count: number): number {
    return this.run('Slice', [['T', type], ['Index', this.int32]], [x, this.integers([1], [0]), this.integers([1], [count])]);
  }

  free(): void {
    for (const id of this.made) this.backend.binding.deleteTensor(id);
  }

  private integers(shape: readonly number[], values: readonly number[]): number {
    return this.own(this.backend.binding.createTensor(shape, this.int32, Int32Array.from(values)));
  }

  private own(id: number): number {
    this.made.push(id);
    return id;
  }

  private execute(name: string, types: Types, inputs: readonly number[], flags: Flags): Handle {
    const { binding } = this.backend;
    const attributes = [
      ...types.map(([attribute, value]) => ({ name: attribute, type: binding.TF_ATTR_TYPE, value })),
      ...flags.map(([attribute, value]) => ({ name: attribute, type: binding.TF_ATTR_BOOL, value })),
    ];
    return binding.executeOp(name, attributes, inputs, 1)[0] as Handle;
  }
}
