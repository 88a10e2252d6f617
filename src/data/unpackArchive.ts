/** Unpacks the archive of a data set beside itself; the folder appears when all of its files are whole. */
import { closeSync, createReadStream, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import type { CifarData } from './catalog';
import { untar } from './untar';
import { writeAll } from './writeAll';

/** Resolves to the folder. `onBytes` hears how much has been unpacked. */
export async function unpackArchive(archive: string, { folder, contents }: Pick<CifarData, 'folder' | 'contents'>, { signal, onBytes = () => undefined }: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {}): Promise<string> {
  const target = path.join(path.dirname(archive), folder);
  const beside = `${target}.${process.pid}.unpacking`;
  const wanted = new Map(contents.map(({ file, bytes }) => [file, bytes]));
  const complete = new Set<string>();
  const open: { descriptor?: number | undefined; name: string } = { name: '' };
  const close = () => {
    if (open.descriptor !== undefined) closeSync(open.descriptor);
    open.descriptor = undefined;
  };
  let unpacked = 0;
  mkdirSync(beside, { recursive: true });
  try {
    const stream = createReadStream(archive, { ...(signal === undefined ? {} : { signal }) });
    const gunzip = createGunzip({ chunkSize: 1 << 18 });
    stream.on('error', error => { gunzip.destroy(error); });
    await untar(stream.pipe(gunzip), {
      wants: (name, bytes) => {
        // The name alone: an archive has no say in where its files go.
        open.name = path.posix.basename(name);
        if (wanted.get(open.name) !== bytes) return false;
        open.descriptor = openSync(path.join(beside, open.name), 'w');
        return true;
      },
      write: chunk => {
        if (open.descriptor !== undefined) writeAll(open.descriptor, chunk);
        onBytes(unpacked += chunk.length);
      },
      end: () => {
        close();
        complete.add(open.name);
      },
    });
    const missing = [...wanted.keys()].filter(file => !complete.has(file));
    if (missing.length > 0) throw new Error(`it does not hold ${missing.join(', ')} of ${[...wanted.values()][0] ?? 0} bytes`);
    rmSync(target, { recursive: true, force: true });
    renameSync(beside, target);
    return target;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new Error(`${archive} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}. Remove it, and fetch it again with efcp data fetch, or bring the published file.`, { cause: error });
  } finally {
    close();
    rmSync(beside, { recursive: true, force: true });
  }
}
