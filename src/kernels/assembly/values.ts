/** Values as they are stored: float32, or bfloat16 where `narrow`. */

// @ts-ignore: decorator
@inline
export function readValue(values: usize, i: usize, narrow: bool): f32 {
  return narrow ? reinterpret<f32>(<u32>load<u16>(values + (i << 1)) << 16) : load<f32>(values + (i << 2));
}

/** Bits of a float32 to those of the nearest bfloat16, ties to even; a finite number stays finite. */
// @ts-ignore: decorator
@inline
export function roundToBfloat16(bits: u32): u16 {
  const rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return <u16>((rounded & 0x7f80) == 0x7f80 && (bits & 0x7f800000) != 0x7f800000 ? rounded - 1 : rounded);
}
