/**
 * Seeds for what is random in a step: the same for the same step, slice and node, whenever it is asked, and unrelated otherwise. The
 * mixing is the finaliser of MurmurHash3. Never 0, which TensorFlow.js takes for none.
 */
export function mixedSeed(seed: number, part: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + part | 0;
  bits = Math.imul(bits ^ bits >>> 16, 0x85ebca6b);
  bits = Math.imul(bits ^ bits >>> 13, 0xc2b2ae35);
  return ((bits ^ bits >>> 16) >>> 1) + 1;
}
