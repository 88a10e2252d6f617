/** What we use of tfjs-node's backend beyond its public types: operations of TensorFlow's that TensorFlow.js does not call itself. */
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';

/** A tensor of the binding's. Who runs an operation frees its results, unless they became tensors of the engine. */
export interface Handle {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string;
}

export interface NodeBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding: {
    readonly TF_Version?: string;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
    readonly TF_BOOL: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_STRING: number;
    executeOp(name: string, attributes: readonly OperationAttribute[], inputs: readonly number[], outputs: number): Handle[];
    createTensor(shape: readonly number[], dtype: number, values: Int32Array | Float32Array): number;
    deleteTensor(id: number): void;
  };
  /** What buffers were made as. */
  readonly tensorMap: { get(dataId: DataId): { readonly shape: number[]; readonly dtype: number } };
  incRef(dataId: DataId): void;
  /** Whether nothing stands for it any more. */
  disposeData(dataId: DataId, force?: boolean): boolean;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(handle: Handle): TensorInfo;
}
