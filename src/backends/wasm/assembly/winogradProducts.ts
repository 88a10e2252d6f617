/** The sixteen products of matrices that Winograd's convolutions are made of, in tiles of 4 x 8 that are stored whole. */
import { multiplyAdd } from './multiplyAdd';

/**
 * products [16, 4, 8] = strip [16, channels, 4] times filters [16, channels, 8], place by place; those of the strip lie `bytes` apart. Nothing
 * but these loops: with the tests for ragged tiles that `multiplyTile` makes it took half as long again.
 */
export function multiplyPlaces(strip: usize, bytes: usize, filters: usize, channels: usize, products: usize): void {
  multiply(strip, bytes, filters, channels, products, false);
}

/** The same, added to what is there. */
export function addPlaces(strip: usize, bytes: usize, filters: usize, channels: usize, products: usize): void {
  multiply(strip, bytes, filters, channels, products, true);
}

// @ts-ignore: decorator
@inline
function multiply(strip: usize, bytes: usize, filters: usize, channels: usize, products: usize, isAdded: bool): void {
  const depthBytes = channels << 5;
  for (const end = products + 2048; products != end; products += 128, strip += bytes) {
    let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    let a = strip;
    const last = filters + depthBytes;
    do {
      const low = v128.load(filters);
      const high = v128.load(filters, 16);
      const x0 = v128.load32_splat(a);
      c00 = multiplyAdd(c00, x0, low);
      c01 = multiplyAdd(c01, x0, high);
      const x1 = v128.load32_splat(a, 4);
      c10 = multiplyAdd(c10, x1, low);
      c11 = multiplyAdd(c11, x1, high);
      const x2 = v128.load32_splat(a, 8);
      c20 = multiplyAdd(c20, x2, low);
      c21 = multiplyAdd(c21, x2, high);
      const x3 = v128.load32_splat(a, 12);
      c30 = multiplyAdd(c30, x3, low);
      c31 = multiplyAdd(c31, x3, high);
      a += 16;
      filters += 32;
    } while (filters != last);
    v128.store(products, isAdded ? f32x4.add(c00, v128.load(products)) : c00);
    v128.store(products, isAdded ? f32x4.add(c01, v128.load(products, 16)) : c01, 16);
    v128.store(products, isAdded ? f32x4.add(c10, v128.load(products, 32)) : c10, 32);
    v128.store(products, isAdded ? f32x4.add(c11, v128.load(products, 48)) : c11, 48);
    v128.store(products, isAdded ? f32x4.add(c20, v128.load(products, 64)) : c20, 64);
    v128.store(products, isAdded ? f32x4.add(c21, v128.load(products, 80)) : c21, 80);
    v128.store(products, isAdded ? f32x4.add(c30, v128.load(products, 96)) : c30, 96);
    v128.store(products, isAdded ? f32x4.add(c31, v128.load(products, 112)) : c31, 112);
  }
}
