/**
 * Operations of TensorFlow's that TensorFlow.js does not call itself, or not on such types: their results are handles of the binding's own,
 * which no tensor of the engine's stands for. They live as long as `withHandles` runs; what is to stay becomes a tensor by `adopt`.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Handle, NodeBackend, OperationAttribute } from './nodeBackend';

export interface Attributes {
  readonly types?: Readonly<Record<string, number>>;
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly strings?: Readonly<Record<string, string>>;
}

export function withHandles<Result>(backend: unknown, compute: (handles: Handles) => Result): Result {
  const handles = new Handles(backend as NodeBackend);
  try {
    return compute(handles);
  } finally {
    handles.free();
  }
}

export class Handles {
  readonly float32: number;
  readonly int32: number;
  readonly bool: number;
  private readonly made = new Set<number>();

  constructor(private readonly backend: NodeBackend) {
    this.float32 = backend.binding.TF_FLOAT;
    this.int32 = backend.binding.TF_INT32;
    this.bool = backend.binding.TF_BOOL;
  }

  of(tensor: TensorInfo): number {
    return this.backend.getInputTensorIds([tensor])[0] as number;
  }

  /** The first result alone. */
  run(name: string, attributes: Attributes, inputs: readonly number[]): Handle {
    return this.runAll(name, attributes, inputs, 1)[0] as Handle;
  }

  runAll(name: string, { types, flags, floats, strings }: Attributes, inputs: readonly number[], outputs: number): Handle[] {
    const { binding } = this.backend;
    const attributes: OperationAttribute[] = [
      [binding.TF_ATTR_TYPE, types], [binding.TF_ATTR_BOOL, flags], [binding.TF_ATTR_FLOAT, floats], [binding.TF_ATTR_STRING, strings],
    ].flatMap(([type, values]) => Object.entries((values ?? {}) as Record<string, OperationAttribute['value']>).map(([key, value]) => ({ name: key, type: type as number, value })));
    const results = binding.executeOp(name, attributes, inputs, outputs);
    for (const { id } of results) this.made.add(id);
    return results;
  }

  /** The same data in another shape; nothing is copied. */
  reshape(x: number, type: number, shape: readonly number[]): Handle {
    return this.run('Reshape', { types: { T: type, Tshape: this.int32 } }, [x, this.integers([shape.length], shape)]);
  }

  integers(shape: readonly number[], values: readonly number[]): number {
    return this.create(shape, this.int32, Int32Array.from(values));
  }

  floats(values: Float32Array): number {
    return this.create([values.length], this.float32, values);
  }

  /** Makes it a tensor of the engine's, which frees it from now on. */
  adopt(handle: Handle): TensorInfo {
    const tensor = this.backend.createOutputTensor(handle);
    this.release(handle);
    return tensor;
  }

  /** Leaves it to the caller to free. */
  release({ id }: Handle): number {
    this.made.delete(id);
    return id;
  }

  free(): void {
    for (const id of this.made) this.backend.binding.deleteTensor(id);
  }

  private create(shape: readonly number[], type: number, values: Int32Array | Float32Array): number {
    const id = this.backend.binding.createTensor(shape, type, values);
    this.made.add(id);
    return id;
  }
}
