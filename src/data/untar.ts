/**
 * Reads a tar archive as it streams by. Blocks of 512 bytes: a header (name at 0, size in octal at 124, kind at 156), then the
 * content, filled up to whole blocks; two blocks of zeros end it. Source: POSIX.1-1988, ustar.
 *
 * Bytes held: what of a header has come, and the chunk that is being read.
 */
const block = 512;

export interface TarSink {
  /** Whether the content of this file is wanted; asked once for every regular file. */
  wants(name: string, bytes: number): boolean;
  write(chunk: Uint8Array): void;
  /** The file that was wanted is complete. */
  end(): void;
}

/** Throws where the stream is no archive, or ends within a file. */
export async function untar(stream: AsyncIterable<Uint8Array>, sink: TarSink): Promise<void> {
  let header = new Uint8Array(0);
  let [content, filler, wanted, ended] = [0, 0, false, false];
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length && !ended;) {
      if (content > 0) {
        const part = chunk.subarray(at, at + content);
        if (wanted) sink.write(part);
        at += part.length;
        content -= part.length;
        if (content === 0 && wanted) sink.end();
      } else if (filler > 0) {
        const skipped = Math.min(filler, chunk.length - at);
        at += skipped;
        filler -= skipped;
      } else {
        const part = chunk.subarray(at, at + block - header.length);
        at += part.length;
        header = Uint8Array.from([...header, ...part]);
        if (header.length < block) continue;
        const entry = readHeader(header);
        header = new Uint8Array(0);
        ended = entry === undefined;
        if (entry === undefined) continue;
        content = entry.bytes;
        filler = (block - entry.bytes % block) % block;
        wanted = entry.isFile && sink.wants(entry.name, entry.bytes);
        if (wanted && content === 0) sink.end();
      }
    }
  }
  if (content > 0 || header.length > 0) throw new Error('it ends in the middle of a file');
}

function readHeader(header: Uint8Array): { name: string; bytes: number; isFile: boolean } | undefined {
  if (header.every(byte => byte === 0)) return undefined;
  const stored = Number.parseInt(text(header, 148, 8), 8);
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (stored !== sum) throw new Error('it is no tar archive, or is damaged');
  const kind = String.fromCharCode(header[156] ?? 0);
  return { name: text(header, 0, 100), bytes: Number.parseInt(text(header, 124, 12), 8) || 0, isFile: kind === '0' || kind === '\0' };
}

function text(header: Uint8Array, from: number, length: number): string {
  const field = Buffer.from(header.subarray(from, from + length)).toString('latin1');
  return field.split('\0', 1)[0]?.trim() ?? '';
}
