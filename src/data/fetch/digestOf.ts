/** Length and digest of a file's content, read in pieces; where it is gzipped, of what it unpacks to. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { Digest } from '../catalogEntry';

export interface Content {
  readonly bytes: number;
  readonly digest: Digest;
}

export interface Reading {
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** `like`: the kind of digest that is asked for. */
export async function digestOf(file: string, like: Digest, unpack: boolean, { signal, onBytes }: Reading = {}): Promise<Content> {
  const kind = like.startsWith('md5') ? 'md5' : 'sha256';
  const hash = createHash(kind);
  const stream = createReadStream(file, { highWaterMark: 1 << 20, ...(signal === undefined ? {} : { signal }) });
  const gunzip = unpack && await isGzipped(file) ? createGunzip({ chunkSize: 1 << 18 }) : undefined;
  if (gunzip !== undefined) stream.on('error', error => { gunzip.destroy(error); });
  let bytes = 0;
  for await (const chunk of (gunzip === undefined ? stream : stream.pipe(gunzip)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  }
  return { bytes, digest: `${kind}:${hash.digest('hex')}` };
}

async function isGzipped(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
