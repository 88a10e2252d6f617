/** Kernels that work on the memory of the wasm backend itself: they import it, own none of it and call nothing. */
export { batchNorm } from './batchNorm';
export { gradientSums, inputGradient } from './batchNormGradient';
export { batchStatistics, normalise } from './batchNormTraining';
export { broadcast } from './broadcast';
export { convolution, convolutionScratch } from './convolution';
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { filterGradient, filterGradientScratch } from './filterGradient';
export { gather } from './gather';
export { packHalf, unpackHalf } from './half';
export { reluGradient, select } from './mask';
export { integerMatMul, matMul, matMulScratch } from './matMul';
export { poolingGradient } from './poolingGradient';
export { segmentSum } from './segmentSum';
export { stridedCopy } from './stridedCopy';
export { sum } from './reduce';
export { tileCopies } from './tileCopies';
export { clip, unary } from './unary';
