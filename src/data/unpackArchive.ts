/** Unpacks the archive of a data set beside itself; the folder appears when all of its files are whole. */
import { closeSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { editionsOf, isTable, type ArchivedData } from './catalogEntry';
import { extractTar } from './extractTar';
import { extractZip } from './extractZip';
import { writeAll } from './writeAll';

/** Resolves to the folder. `onBytes` hears how much has been unpacked. */
export async function unpackArchive(archive: string, data: ArchivedData, { signal, onBytes = () => undefined }: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {}): Promise<string> {
  const target = path.join(path.dirname(archive), data.folder);
  const beside = `${target}.${process.pid}.unpacking`;
  const wanted = new Map(editionsOf(data)[0].map(content => [content.file, isTable(content) ? undefined : content.bytes]));
  const complete = new Set<string>();
  const open: { descriptor?: number | undefined; name: string } = { name: '' };
  const close = () => {
    if (open.descriptor !== undefined) closeSync(open.descriptor);
    open.descriptor = undefined;
  };
  let unpacked = 0;
  mkdirSync(beside, { recursive: true });
  try {
    await (data.kind === 'cifar' ? extractTar : extractZip)(archive, {
      signal,
      wants: (name, bytes) => {
        if (!wanted.has(name) || (wanted.get(name) ?? bytes) !== bytes) return false;
        // The name alone: an archive has no say in where its files go.
        open.name = name;
        open.descriptor = openSync(path.join(beside, name), 'w');
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
    if (missing.length > 0) throw new Error(`it does not hold ${missing.map(file => withLength(file, wanted.get(file))).join(', ')}`);
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

function withLength(file: string, bytes: number | undefined): string {
  return bytes === undefined ? file : `${file} of ${bytes} bytes`;
}
