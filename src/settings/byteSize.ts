/** Sizes as people write them: 2GB, 8 MB, 500MiB, 1048576. KB, MB, GB are powers of 1,000; KiB, MiB, GiB of 1,024. */
import { InputError } from './problem';

const units: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 };

/** `field`: what the size is given for, named in the refusal. */
export function parseByteSize(text: string, field: string): number {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
  const bytes = Math.round(Number(digits) * (factor ?? NaN));
  if (digits === '' || !(bytes >= 1) || !Number.isSafeInteger(bytes)) {
    throw new InputError([{ field, message: `${field} is "${text}", but must be a size of at least one byte, a number with one of B, KB, MB, GB, TB (powers of 1,000) or KiB, MiB, GiB, TiB (of 1,024). Write for example ${field} 2GB or ${field} 500MiB.` }]);
  }
  return bytes;
}
