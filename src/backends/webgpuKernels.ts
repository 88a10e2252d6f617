/**
 * TensorFlow.js's webgpu backend with its kernels and ours, as a file of its own (dist/webgpuKernels.js) that is read only when the backend
 * is chosen. It brings a copy of tfjs-core, which finds the engine that is there: all copies share the one of the process.
 */
export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import './halfOnWebgpu';
