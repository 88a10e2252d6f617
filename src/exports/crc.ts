/** Cyclic redundancy checks of 32 bits over reflected bytes, one table a polynomial: CRC-32 (ISO-HDLC) of PNG, CRC-32C (Castagnoli) of TFRecord. */
function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    return rest;
  });
}

const [iso, castagnoli] = [tableOf(0xedb88320), tableOf(0x82f63b78)];

export function crc32(bytes: Uint8Array): number {
  return checked(bytes, iso);
}

export function crc32c(bytes: Uint8Array): number {
  return checked(bytes, castagnoli);
}

function checked(bytes: Uint8Array, table: Uint32Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
