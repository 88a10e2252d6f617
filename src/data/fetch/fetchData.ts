/** Brings a data set onto this machine: downloads what is missing, checks it, unpacks it, each step once over several attempts. */
import { existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { formatBytes } from '../../protocol/format';
import { takeLock } from '../../runtime/lock';
import { described, downloadBytes, type CatalogName } from '../catalog';
import { editionsOf, isTable, type ArchivedData, type CatalogEntry, type PublishedFile } from '../catalogEntry';
import { bringInstead, fileIn, findData, folderOf } from '../findData';
import { unpackArchive } from '../unpackArchive';
import { DataRefusal } from './dataRefusal';
import { digestOf } from './digestOf';
import { download, partOf, usualPatience, type Patience } from './download';
import type { FetchEvent } from './fetchMessages';
import { sizeOf } from './transfer';
import { problemOf, verifyFiles } from './verifyData';

export interface FetchRequest {
  readonly name: CatalogName;
  readonly home: string;
  /** Asked before the published addresses. */
  readonly mirrors?: readonly string[];
  readonly signal: AbortSignal;
  readonly report: (event: FetchEvent) => void;
  readonly data?: CatalogEntry;
  readonly patience?: Patience;
}

export interface FetchResult {
  readonly folder: string;
  readonly bytes: number;
  readonly alreadyThere: boolean;
}

export async function fetchData(request: FetchRequest): Promise<FetchResult> {
  const { name, home, signal, report } = request;
  const data = request.data ?? described(name);
  const folder = folderOf(name, home);
  const there = findData(name, home);
  if (there?.missing.length === 0) {
    const contents = request.data === undefined ? there.contents : editionsOf(data)[0];
    if ((await verifyFiles(there.folder, data, contents, { signal })).every(({ problem }) => problem === undefined)) return { folder: there.folder, bytes: contentBytes(data, there.folder), alreadyThere: true };
  }
  if (data.published.length === 0) throw new DataRefusal('licence', `${name} is not for others to fetch. ${data.licence}`, bringInstead(name, home));
  makeFolder(folder);
  const release = takeLock(folder, busy);
  try {
    checkSpace(folder, data);
    report({ type: 'started', name, title: data.title, licence: data.licence, folder, downloadBytes: downloadBytes(data) });
    for (const [index, published] of data.published.entries()) await fetchFile(request, data, folder, published, index);
    const whole = data.kind === 'idx' ? folder : await unpack(request, data, folder);
    return { folder: whole, bytes: contentBytes(data, whole), alreadyThere: false };
  } finally {
    release();
  }
}

/** Unpacked; of tables what they turn out to have. */
function contentBytes(data: CatalogEntry, folder: string): number {
  return editionsOf(data)[0].reduce((sum, content) => sum + (isTable(content) ? sizeOf(fileIn(data, folder, content.file) ?? '') : content.bytes), 0);
}

const busy = (who: string, file: string) => new DataRefusal('busy', `${who} is fetching or removing this data set.`, `Wait for it to end; if it is gone, remove ${file}.`);

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new DataRefusal('permission', `${folder} cannot be made (${error instanceof Error ? error.message : String(error)}).`, 'Name a folder that you may write to in EFCP_DATA_HOME.');
  }
}

/** For the file system's own needs, and a little air. */
const spare = 20e6;

/** An archive and what it unpacks to lie beside one another for a moment. */
function checkSpace(folder: string, data: CatalogEntry): void {
  const { bavail, bsize } = statfsSync(folder);
  const come = data.published.reduce((sum, { file }) => sum + sizeOf(partOf(path.join(folder, file))) + sizeOf(path.join(folder, file)), 0);
  const needed = downloadBytes(data) - come + unpackedBytes(data) + spare;
  if (bavail * bsize < needed) throw new DataRefusal('space', `${formatBytes(needed)} are needed in ${folder}, where ${formatBytes(bavail * bsize)} are free.`, 'Make room, or name a folder on another disk in EFCP_DATA_HOME.');
}

/** How much a zip of text unpacks to is not published; text shrinks to a third or less, and half of such a zip is other files. */
function unpackedBytes(data: CatalogEntry): number {
  if (data.kind === 'idx') return 0;
  return data.kind === 'cifar' ? data.contents.reduce((sum, { bytes }) => sum + bytes, 0) : 3 * downloadBytes(data);
}

async function fetchFile({ name, home, mirrors = [], signal, report, patience = usualPatience }: FetchRequest, data: CatalogEntry, folder: string, published: PublishedFile, index: number): Promise<void> {
  const { file, bytes } = published;
  const target = path.join(folder, file);
  const progress = (doing: 'downloading' | 'checking', totalBytes: number) => everySoOften(done => { report({ type: 'progress', file, doing, bytes: done, totalBytes }); });
  const check = async (found: string): Promise<string | undefined> => {
    if (published.digest !== undefined) {
      const { digest } = await digestOf(found, published.digest, false, { signal, onBytes: progress('checking', bytes) });
      if (digest !== published.digest) return `has the checksum ${digest}, but must have ${published.digest}`;
    }
    const content = data.kind === 'idx' ? data.contents[index] : undefined;
    return content && problemOf(found, content, { signal });
  };
  const done = existsSync(target) && await check(target) === undefined;
  report({ type: 'file', file, number: index + 1, files: data.published.length, bytes, done });
  if (done) return;
  const addresses = [...mirrors.map(mirror => mirror.endsWith('/') ? mirror : `${mirror}/`), ...data.mirrors].map(mirror => mirror + file);
  try {
    await download({
      file: target, addresses, bytes, check, signal, patience, remedy: bringInstead(name, home),
      onBytes: progress('downloading', bytes), onTrouble: message => { report({ type: 'trouble', file, message }); },
    });
  } catch (error) {
    throw refusedByDisk(error, folder) ?? error;
  }
}

function refusedByDisk(error: unknown, folder: string): DataRefusal | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DataRefusal('space', `The disk of ${folder} is full.`, 'Make room, and run the command again: what has come is kept.');
  return ['EACCES', 'EROFS', 'EPERM'].includes(code) ? new DataRefusal('permission', `${folder} cannot be written (${message}).`, 'Name a folder that you may write to in EFCP_DATA_HOME.') : undefined;
}

/** The archive goes when what it holds is whole. */
async function unpack({ signal, report }: FetchRequest, data: ArchivedData, folder: string): Promise<string> {
  const file = data.published[0]?.file ?? '';
  const archive = path.join(folder, file);
  const totalBytes = unpackedBytes(data);
  const onBytes = everySoOften(bytes => { report({ type: 'progress', file, doing: 'unpacking', bytes, totalBytes }); });
  const unpacked = await unpackArchive(archive, data, { signal, onBytes }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw refusedByDisk((error as Error).cause, folder) ?? new DataRefusal('unpack', error instanceof Error ? error.message : String(error), '');
  });
  // Tables have no checksums of their own; that of the zip was right.
  const spoilt = (await verifyFiles(unpacked, data, data.kind === 'cifar' ? data.contents : [], { signal })).filter(({ problem }) => problem !== undefined);
  if (spoilt.length > 0) throw new DataRefusal('checksum', spoilt.map(({ file: name, problem }) => `${name} ${problem ?? ''}.`).join(' '), `Remove ${folder}, and fetch it again.`);
  rmSync(archive);
  return unpacked;
}

/** Milliseconds between two reports of the same. */
const reportInterval = 100;

function everySoOften(tell: (bytes: number) => void): (bytes: number) => void {
  let last = 0;
  return bytes => {
    const now = performance.now();
    if (now - last < reportInterval) return;
    last = now;
    tell(bytes);
  };
}
