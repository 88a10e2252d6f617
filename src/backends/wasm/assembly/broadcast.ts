/**
 * out = a op b, element by element, over any number of dimensions of which either operand may lack any: it then stays where it is.
 * `dimensions` holds {size, bytes that a moves, bytes that b moves} for each, outermost first, three times 32 bits, and at least
 * two of them. SIMD goes over the innermost.
 */
const addition: u32 = 0, subtraction: u32 = 1, product: u32 = 2, quotient: u32 = 3, largest: u32 = 4, least: u32 = 5, squaredDifference: u32 = 6;

export function broadcast(operation: u32, a: usize, b: usize, out: usize, dimensions: usize, rank: u32): void {
  const size = load<u32>(dimensions);
  const aBytes = load<u32>(dimensions, 4);
  const bBytes = load<u32>(dimensions, 8);
  if (rank > 2) {
    let inner: usize = 4;
    for (let d: u32 = 1; d < rank; d++) inner *= load<u32>(dimensions + 12 * d);
    for (let i: u32 = 0; i < size; i++, a += aBytes, b += bBytes, out += inner) broadcast(operation, a, b, out, dimensions + 12, rank - 1);
    return;
  }
  switch (operation) {
    case addition: return rows(addition, a, b, out, size, aBytes, bBytes, dimensions + 12);
    case subtraction: return rows(subtraction, a, b, out, size, aBytes, bBytes, dimensions + 12);
    case product: return rows(product, a, b, out, size, aBytes, bBytes, dimensions + 12);
    case quotient: return rows(quotient, a, b, out, size, aBytes, bBytes, dimensions + 12);
    case largest: return rows(largest, a, b, out, size, aBytes, bBytes, dimensions + 12);
    case least: return rows(least, a, b, out, size, aBytes, bBytes, dimensions + 12);
    default: return rows(squaredDifference, a, b, out, size, aBytes, bBytes, dimensions + 12);
  }
}

// @ts-ignore: decorator
@inline
function rows(operation: u32, aRow: usize, bRow: usize, out: usize, count: usize, aRowBytes: usize, bRowBytes: usize, innermost: usize): void {
  const size = load<usize>(innermost);
  const aBytes = load<usize>(innermost, 4);
  const bBytes = load<usize>(innermost, 8);
  for (let r: usize = 0; r < count; r++, aRow += aRowBytes, bRow += bRowBytes) {
    let a = aRow;
    let b = bRow;
    const end = out + (size << 2);
    const whole = out + ((size & ~3) << 2);
    if (aBytes == 0) {
      const value = v128.load32_splat(a);
      for (; out != whole; out += 16, b += 16) v128.store(out, four(operation, value, v128.load(b)));
    } else if (bBytes == 0) {
      const value = v128.load32_splat(b);
      for (; out != whole; out += 16, a += 16) v128.store(out, four(operation, v128.load(a), value));
    } else {
      for (; out != whole; out += 16, a += 16, b += 16) v128.store(out, four(operation, v128.load(a), v128.load(b)));
    }
    for (; out != end; out += 4, a += aBytes, b += bBytes) store<f32>(out, f32x4.extract_lane(four(operation, v128.load32_splat(a), v128.load32_splat(b)), 0));
  }
}

// @ts-ignore: decorator
@inline
function four(operation: u32, a: v128, b: v128): v128 {
  if (operation == addition) return f32x4.add(a, b);
  if (operation == subtraction) return f32x4.sub(a, b);
  if (operation == product) return f32x4.mul(a, b);
  if (operation == quotient) return f32x4.div(a, b);
  if (operation == largest) return f32x4.max(a, b);
  if (operation == least) return f32x4.min(a, b);
  const difference = f32x4.sub(a, b);
  return f32x4.mul(difference, difference);
}
