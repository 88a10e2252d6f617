/** Takes files out of a zip: the index at its end says what there is, then each wanted file streams past. */
import path from 'node:path';
import { open, type Entry, type ZipFile } from 'yauzl';
import type { Extraction } from './extractTar';

/** A folder and a name: what lies deeper are the sources that the files were made of. */
const deepest = 2;

export async function extractZip(archive: string, { wants, write, end, signal }: Extraction): Promise<void> {
  const zip = await opened(archive);
  try {
    for (const entry of await entriesOf(zip)) {
      const name = path.posix.basename(entry.fileName);
      if (entry.fileName.endsWith('/') || entry.fileName.split('/').length > deepest || !wants(name, entry.uncompressedSize)) continue;
      for await (const chunk of await streamOf(zip, entry)) {
        signal?.throwIfAborted();
        write(chunk as Buffer);
      }
      end();
    }
  } finally {
    zip.close();
  }
}

function opened(archive: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(archive, { lazyEntries: true, autoClose: false }, (error, zip) => { if (error === null) resolve(zip); else reject(error); });
  });
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => { resolve(entries); }).on('error', reject);
    zip.readEntry();
  });
}

function streamOf(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => { if (error === null) resolve(stream); else reject(error); });
  });
}
