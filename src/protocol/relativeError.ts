/** Predicted minus measured, over measured. */
export function relativeError(predicted: number, measured: number): number | undefined {
  return measured === 0 ? undefined : (predicted - measured) / measured;
}
