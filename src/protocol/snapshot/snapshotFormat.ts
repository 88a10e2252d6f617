/**
 * A snapshot on disk, little-endian:
 *
 *     8 bytes   "EFCPSNAP"
 *     uint32    version of the format
 *     uint32    bytes of the whole file
 *     uint32    CRC-32 of all that follows
 *     uint32    bytes of the description, then the description: JSON of `about`, `texts`, and the numbers of buffers and of events
 *     columns   of buffers, then of events, one after another: whole numbers of 7 bits a byte, the high bit set where more follow
 *
 * Numbers that may be negative are written as 2n, or -2n - 1. What is usual is written as 0: bytes that are those of the buffer before
 * it of this shape and type, a born buffer that is the next one, a layer that is that of the buffer before.
 *
 *     buffers   type · shape · bytes: 0 or bytes + 1 · layer: difference · operation · source: difference
 *     events    one byte of kind + 4 · phase + 16 · category
 *               buffer: of `there` and `born` its difference from the number that is next; of others how long before that number
 *               time: difference, in microseconds
 */
import * as z from 'zod';
import { snapshotAbout } from './stepSnapshot';

export const magic = 'EFCPSNAP';
export const formatVersion = 1;
/** Bytes up to the description. */
export const headerBytes = 24;
/** Where the checksum begins. */
export const checkedFrom = 20;

export const description = z.object({ about: snapshotAbout, texts: z.array(z.string()).min(1), buffers: z.int().min(0), events: z.int().min(0) });

/** By type and shape of a buffer: what its bytes are remembered under. */
export function kindOfBuffer(type: number, shape: number): number {
  return 8 * shape + type;
}
