/** Names of our kernels for sequences, which need no tensor beside their result. Who calls them says what they compute, and composes it where a backend lacks them. */

/** Inputs logits [..., classes]; outputs, for each row, the largest logit, and the sum of exp(logit - largest). See `models/smoothedCrossEntropy.ts`. */
export const exponentialSumsName = 'ExponentialSums';
/** Inputs logits [..., classes], and for each row lse, share and labels, int32; attribute smoothing; output like logits. */
export const smoothedGradientName = 'SmoothedCrossEntropyGradient';

/** Inputs x [batch, length, channels] and kernels [batch, length, heads, taps]; attribute left; output like x. See `models/operations/sequenceConvolution.ts`. */
export const sequenceConvolutionName = 'SequenceConvolution';
/** Inputs dy, kernels; attribute left; output dx. */
export const sequenceConvolutionInputGradientName = 'SequenceConvolutionInputGradient';
/** Inputs dy, x; attributes heads, taps, left; output dKernels. */
export const sequenceConvolutionKernelGradientName = 'SequenceConvolutionKernelGradient';

/** Input x; output like x. See `models/operations/gelu.ts`. */
export const geluName = 'Gelu';
/** Inputs dy and x; output dx. */
export const geluGradientName = 'GeluGradient';
