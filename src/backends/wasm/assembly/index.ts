/** Kernels that work on the memory of the wasm backend itself: they import it, own none of it and call nothing. */
export { batchNorm } from './batchNorm';
export { broadcast } from './broadcast';
export { convolution, convolutionScratch } from './convolution';
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { filterGradient, filterGradientScratch } from './filterGradient';
export { matMul, matMulScratch } from './matMul';
export { segmentSum } from './segmentSum';
export { sum } from './reduce';
export { tileCopies } from './tileCopies';
export { transpose } from './transpose';
