/** Cyclic redundancy checks of 32 bits with reflected polynomials, one table each. */
const table = (polynomial: number) => Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? polynomial ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

function checkBy(polynomial: number): (bytes: Uint8Array) => number {
  const known = table(polynomial);
  return bytes => {
    let rest = 0xffffffff;
    for (let at = 0; at < bytes.length; at++) rest = (known[(rest ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (rest >>> 8);
    return ~rest >>> 0;
  };
}

/** CRC-32 of IEEE 802.3, as zip and PNG have it. */
export const crc32 = checkBy(0xedb88320);
/** CRC-32C (Castagnoli, RFC 3720), the check of TFRecord. */
export const crc32c = checkBy(0x82f63b78);
