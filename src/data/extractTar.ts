/** Takes files out of a gzipped tar archive, as it streams by. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { untar } from './untar';

/** Where the files of an archive go: one after another. */
export interface Extraction {
  /** Whether the file of this name and length is wanted; the name is without folders. */
  readonly wants: (name: string, bytes: number) => boolean;
  readonly write: (chunk: Uint8Array) => void;
  readonly end: () => void;
  readonly signal?: AbortSignal | undefined;
}

export async function extractTar(archive: string, { wants, write, end, signal }: Extraction): Promise<void> {
  const stream = createReadStream(archive, signal === undefined ? {} : { signal });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  stream.on('error', error => { gunzip.destroy(error); });
  await untar(stream.pipe(gunzip), { wants: (name, bytes) => wants(path.posix.basename(name), bytes), write, end });
}
