/**
 * The library, `efcp-studio/optimizers`: every optimizer, for TensorFlow.js (asTfOptimizer) or for plain Float32Arrays
 * (createOptimizer), or with their state in the tensors of a GPU (createDeviceOptimizer), and state that can be saved.
 */
import { loadWasmCompute } from '../kernels/threads/loadWasmCompute';
import type { WasmCompute } from '../kernels/threads/wasmCompute';

/**
 * Threads that do the arithmetic of sparse windows, in WebAssembly: several times faster from about 100,000 parameters on.
 * Pass them on as the option `compute`; one pool serves any number of optimizers, and does not keep a program from ending.
 */
export function loadThreads(threads?: number): WasmCompute {
  return loadWasmCompute(__dirname, threads === undefined ? {} : { threads });
}

export { asTfOptimizer, type EfcpOptimizer, type TfOptimizerSettings } from './asTfOptimizer';
export { createDeviceOptimizer, type DeviceOptimizer, type DeviceOptimizerOptions } from './device/deviceOptimizer';
export type { SelectingGroup } from './groupPredicates';
export { NonFiniteGradientError } from './nonFiniteGradient';
export { createOptimizer, type Optimizer, type OptimizerInput, type OptimizerOptions } from './optimizer';
export { decodeSafetensors, encodeSafetensors, type Safetensors, type StoredTensor } from './safetensors';
export type { SavedState } from './savedState';
export { decodeState, encodeState } from './stateFile';
export type { ParameterView } from './transformation';
export type { DeviceStateBytes } from '../settings/formulas/device';
export { defaultsFor, type LiveSettings, type Settings } from '../settings/knobs';
export { optimizers, type Optimizer as OptimizerName } from '../settings/optimizers';
export { resolveOptimizerSettings, type OptimizerSettings } from '../settings/optimizerSettings';
export type { ParameterGroup } from '../settings/parameterGroups';
export { parameterSpace, type ParameterSpace, type Shaped } from '../settings/parameterSpace';
export { InputError, type Problem } from '../settings/problem';
export { stateBytes, type StateBytes } from '../settings/stateBytes';
