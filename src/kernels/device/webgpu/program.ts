/**
 * Runs a WGSL compute shader through TensorFlow.js's webgpu backend, whose own kernels are run the same way. The backend
 * declares the buffers (`result`, and one per input, by name), the uniforms, and the function that calls `main(index)`,
 * `index` being the thread's number among all.
 */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** The backend's members that we use; 4.22.0, pinned. */
interface WebgpuBackend {
  runWebGPUProgram(program: WebgpuProgram, inputs: TensorInfo[], dtype: DataType, uniforms: UniformValue[], output?: TensorInfo): TensorInfo;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
  readonly tensorMap: { get(dataId: object): { values: unknown } };
}

interface WebgpuProgram {
  readonly variableNames: string[];
  readonly uniforms: string;
  readonly outputShape: number[];
  readonly workgroupSize: [number, number, number];
  readonly dispatchLayout: { readonly x: number[] };
  readonly dispatch: [number, number, number];
  /** Rewritten by the backend. */
  shaderKey: string;
  getUserCode(): string;
}

interface UniformValue { readonly type: 'int32' | 'float32'; readonly data: number[] }

export interface Shader {
  /** Programs of one name, and equal types of inputs, share their compiled code. */
  readonly name: string;
  readonly code: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly workgroups: number;
  /** Threads of a workgroup. */
  readonly lanes: number;
}

/** A new tensor, filled by the shader. */
export function compute(backend: unknown, shader: Shader, shape: number[], dtype: 'float32' | 'int32'): TensorInfo {
  return run(backend as WebgpuBackend, shader, shape, dtype, undefined);
}

/** Lets the shader rewrite `target`, in part or whole. */
export function computeInto(backend: unknown, shader: Shader, target: TensorInfo): void {
  const webgpu = backend as WebgpuBackend;
  run(webgpu, shader, target.shape, target.dtype, target);
  // The backend remembers values that were read before, which are no longer those of the buffer.
  webgpu.tensorMap.get(target.dataId).values = null;
}

/** One more handle of the same buffer. */
export function another(backend: unknown, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  (backend as WebgpuBackend).incRef(dataId);
  return { dataId, shape, dtype };
}

/** Frees a buffer that no tensor was made of. */
export function free(backend: unknown, { dataId }: TensorInfo): void {
  (backend as WebgpuBackend).disposeData(dataId);
}

function run(backend: WebgpuBackend, { name, code, inputs, integers = {}, floats = {}, workgroups, lanes }: Shader, outputShape: number[], dtype: DataType, output: TensorInfo | undefined): TensorInfo {
  const program: WebgpuProgram = {
    variableNames: Object.keys(inputs),
    uniforms: [...Object.keys(integers).map(key => `${key} : i32,`), ...Object.keys(floats).map(key => `${key} : f32,`)].join(' '),
    outputShape, workgroupSize: [lanes, 1, 1], dispatchLayout: { x: [0] }, dispatch: [workgroups, 1, 1],
    shaderKey: `efcp ${name}`,
    getUserCode: () => code,
  };
  const uniforms = [
    ...Object.values(integers).map(value => ({ type: 'int32' as const, data: [value] })),
    ...Object.values(floats).map(value => ({ type: 'float32' as const, data: [value] })),
  ];
  // Buffers are addressed by our own code: without their shapes, on which the backend's declarations depend, code is compiled once.
  const shapeless = Object.values(inputs).map(({ dataId, dtype: type }) => ({ dataId, dtype: type, shape: [] }));
  return backend.runWebGPUProgram(program, shapeless, dtype, uniforms, output);
}
