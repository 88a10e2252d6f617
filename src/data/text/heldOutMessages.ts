/** Which messages are for validation: one in ten, by what its words hash to. So messages that read alike are on the same side, wherever they are. */
const heldOutEvery = 10;

export function isHeldOutMessage(message: string): boolean {
  return hashOf(gist(message)) % heldOutEvery === 0;
}

/** The words alone: messages that differ in places to fill in, marks, numbers or capitals are nearly the same. */
function gist(message: string): string {
  return message.replace(/%[-+ #0-9.*$]*l?[a-zA-Z]|\{\d+\}/gu, '').toLowerCase().replace(/\P{Alphabetic}+/gu, ' ').trim();
}

/** FNV-1a, 32 bits (draft-eastlake-fnv). */
function hashOf(text: string): number {
  return Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
