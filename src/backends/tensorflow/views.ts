/**
 * Tensors of several shapes on one buffer. TensorFlow copies nothing for Reshape, ExpandDims and a Cast to the same type, but tfjs-node gives
 * each result a dataId of its own: the buffer would be counted once for each, and nobody could tell that they share it. Here, as on the other
 * backends, they have the dataId of what they were made from. TensorFlow's operations know a shape by the handle they are given, so a buffer
 * gets another handle for each other shape that it is read in, which lives as long as the buffer.
 *
 * TensorFlow copies nothing, either, for a few operations that happen to leave every entry where it is: a transpose that moves only lengths of
 * one, a sum over a length of one, a slice of the whole. Their results count as buffers of their own, as they are on the other backends.
 *
 * Bytes held: none but the handles.
 */
import { Cast, ExpandDims, Reshape, getKernel, registerKernel, unregisterKernel, util, type DataId, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { withHandles } from './handles';
import type { NodeBackend } from './nodeBackend';

/** Once for a backend. */
export function shareBuffers(backend: NodeBackend): void {
  // What shadows the prototype's method is ours.
  if (Object.hasOwn(backend, 'getInputTensorIds')) return;
  const views = new Views(backend);
  const idsOf = backend.getInputTensorIds.bind(backend);
  const disposeData = backend.disposeData.bind(backend);
  backend.getInputTensorIds = tensors => idsOf(tensors).map((id, index) => views.handleOf(tensors[index] as TensorInfo, id));
  backend.disposeData = (dataId, force) => {
    const isGone = disposeData(dataId, force);
    if (isGone) views.delete(dataId);
    return isGone;
  };
  replaceKernel(Reshape, () => ({ inputs, attrs }) => {
    const x = inputs['x'] as TensorInfo;
    return views.of(x, util.inferFromImplicitShape(attrs?.['shape'] as number[], util.sizeFromShape(x.shape)));
  });
  replaceKernel(ExpandDims, () => ({ inputs, attrs }) => {
    const [x, dim] = [inputs['input'] as TensorInfo, attrs?.['dim'] as number];
    return views.of(x, x.shape.toSpliced(dim < 0 ? x.shape.length + 1 + dim : dim, 0, 1));
  });
  replaceKernel(Cast, stock => args => {
    const x = args.inputs['x'] as TensorInfo;
    return x.dtype === args.attrs?.['dtype'] ? views.of(x, x.shape) : stock(args);
  });
}

function replaceKernel(kernelName: string, replacement: (stock: KernelFunc) => KernelFunc): void {
  const { kernelFunc } = getKernel(kernelName, 'tensorflow');
  unregisterKernel(kernelName, 'tensorflow');
  registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc: replacement(kernelFunc) });
}

class Views {
  /** Of buffers that have been given another shape, their further handles by shape. */
  private readonly handles = new Map<DataId, Map<string, number>>();

  constructor(private readonly backend: NodeBackend) {}

  of({ dataId, shape: before, dtype }: TensorInfo, shape: number[]): TensorInfo {
    this.backend.incRef(dataId);
    if (!util.arraysEqual(shape, before) && !this.handles.has(dataId)) this.handles.set(dataId, new Map());
    return { dataId, shape, dtype };
  }

  /** `id`: the handle of the tensor's buffer as it was made. */
  handleOf({ dataId, shape }: TensorInfo, id: number): number {
    const known = this.handles.get(dataId);
    if (known === undefined) return id;
    const made = this.backend.tensorMap.get(dataId);
    if (util.arraysEqual(shape, made.shape)) return id;
    const key = shape.join();
    const view = known.get(key) ?? withHandles(this.backend, handles => handles.release(handles.reshape(id, made.dtype, shape)));
    known.set(key, view);
    return view;
  }

  delete(dataId: DataId): void {
    for (const view of this.handles.get(dataId)?.values() ?? []) this.backend.binding.deleteTensor(view);
    this.handles.delete(dataId);
  }
}
