/** The kernels that are compiled to WebAssembly. They work on memory they are given, hold none and call nothing. */
export { combine } from './combine';
export { dots } from './dots';
export { descend, isFiniteIn } from './elementwise';
export { accumulate, expand, subtract } from './feedback';
export { packBfloat16Exactly, packFloat16, unpackBfloat16, unpackFloat16 } from './halves';
export { addBfloat16, addQuantized, packBfloat16, quantize } from './quantization';
export { topK } from './topK';
