/**
 * PackHalf and UnpackHalf as WGSL programs. WGSL leaves open how pack2x16float rounds and whether it keeps subnormals, so bits are moved as
 * in halfBits.ts. What was cast to float32 may still lie there as whole numbers, which f32() turns into floats. One invocation reads or writes
 * two numbers when it packs, one when it unpacks. Part of the file webgpuKernels.js only.
 */
import { registerKernel, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { packHalfName, packedSize, unpackHalfName, type HalfFormat, type PackAttributes, type UnpackAttributes } from './halfKernels';

/** What TensorFlow.js's backend asks of a program. */
interface Program {
  readonly variableNames: readonly string[];
  readonly outputShape: readonly number[];
  readonly workgroupSize: readonly [number, number, number];
  readonly dispatchLayout: { readonly x: readonly number[] };
  readonly dispatch: readonly [number, number, number];
  readonly size: true;
  readonly uniforms: string;
  readonly shaderKey: string;
  getUserCode(): string;
}

interface WebgpuBackend {
  runWebGPUProgram(program: Program, inputs: readonly TensorInfo[], dtype: string, uniforms: readonly { type: string; data: readonly number[] }[]): TensorInfo;
}

const toHalf: Readonly<Record<HalfFormat, string>> = {
  bfloat16: `
fn toHalf(bits : u32) -> u32 {
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return 0x7fc0u; }
  return (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
}`,
  float16: `
fn subnormal(magnitude : u32) -> u32 {
  let shift = 126u - (magnitude >> 23u);
  if (shift > 24u) { return 0u; }
  let significand = (magnitude & 0x7fffffu) | 0x800000u;
  let whole = significand >> shift;
  let twiceTheRest = (significand - (whole << shift)) << 1u;
  let unit = 1u << shift;
  return whole + select(0u, 1u, twiceTheRest > unit || (twiceTheRest == unit && (whole & 1u) == 1u));
}
fn toHalf(bits : u32) -> u32 {
  let sign = (bits >> 16u) & 0x8000u;
  let magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return 0x7e00u; }
  if (magnitude >= 0x47800000u) { return sign | 0x7c00u; }
  if (magnitude >= 0x38800000u) { return sign | ((magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13u) & 1u)) >> 13u); }
  return sign | subnormal(magnitude);
}`,
};

const fromHalf: Readonly<Record<HalfFormat, string>> = {
  bfloat16: 'fn fromHalf(half : u32) -> u32 { return half << 16u; }',
  float16: `
fn fromHalf(half : u32) -> u32 {
  let sign = (half & 0x8000u) << 16u;
  let magnitude = half & 0x7fffu;
  if (magnitude >= 0x7c00u) { return sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13u); }
  if (magnitude >= 0x400u) { return sign | ((magnitude << 13u) + 0x38000000u); }
  if (magnitude == 0u) { return sign; }
  let highest = firstLeadingBit(magnitude);
  return sign | ((highest + 103u) << 23u) | ((magnitude << (23u - highest)) & 0x7fffffu);
}`,
};

const packCode = (format: HalfFormat) => `${toHalf[format]}
fn main(index : i32) {
  if (index < uniforms.size) {
    let low = toHalf(bitcast<u32>(f32(x[2 * index])));
    var high = 0u;
    if (2 * index + 1 < uniforms.count) { high = toHalf(bitcast<u32>(f32(x[2 * index + 1]))); }
    result[index] = bitcast<i32>(low | (high << 16u));
  }
}`;

const unpackCode = (format: HalfFormat) => `${fromHalf[format]}
fn main(index : i32) {
  if (index < uniforms.size) {
    let pair = bitcast<u32>(packed[index / 2]);
    result[index] = bitcast<f32>(fromHalf(select(pair & 0xffffu, pair >> 16u, (index & 1) == 1)));
  }
}`;

const pack: KernelFunc = ({ inputs, attrs, backend }) => {
  const [x, { format }] = [inputs['x'] as TensorInfo, attrs as unknown as PackAttributes];
  const count = util.sizeFromShape(x.shape);
  return run(backend, flatProgram('x', packedSize(count), `packHalf_${format}`, packCode(format)), flat(x), 'int32', count);
};

const unpack: KernelFunc = ({ inputs, attrs, backend }) => {
  const { format, shape } = attrs as unknown as UnpackAttributes;
  const count = util.sizeFromShape([...shape]);
  const { dataId, dtype } = run(backend, flatProgram('packed', count, `unpackHalf_${format}`, unpackCode(format)), flat(inputs['packed'] as TensorInfo), 'float32', count);
  return { dataId, dtype, shape: [...shape] };
};

function run(backend: unknown, program: Program, input: TensorInfo, dtype: string, count: number): TensorInfo {
  return (backend as WebgpuBackend).runWebGPUProgram(program, [input], dtype, [{ type: 'int32', data: [count] }]);
}

function flat({ dataId, shape, dtype }: TensorInfo): TensorInfo {
  return { dataId, shape: [util.sizeFromShape(shape)], dtype };
}

function flatProgram(input: string, size: number, shaderKey: string, code: string): Program {
  const lanes = 64;
  return {
    variableNames: [input], outputShape: [size], workgroupSize: [lanes, 1, 1], dispatchLayout: { x: [0] }, dispatch: [Math.ceil(size / lanes), 1, 1],
    size: true, uniforms: 'count : i32,', shaderKey, getUserCode: () => code,
  };
}

registerKernel({ kernelName: packHalfName, backendName: 'webgpu', kernelFunc: pack });
registerKernel({ kernelName: unpackHalfName, backendName: 'webgpu', kernelFunc: unpack });
