/**
 * One attempt to bring the rest of a file: asks for what is missing of the part that is there, and appends it. Servers that do not
 * know ranges, or whose file is another than it was, send all of it, and the part starts anew. (RFC 9110, Range and If-Range.)
 */
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeAll } from '../writeAll';

export interface Transfer {
  readonly address: string;
  /** The unfinished file; what is known of where it came from lies beside it. */
  readonly part: string;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the attempt is given up. */
  readonly silentMs: number;
  readonly onBytes: (bytes: number) => void;
}

/** A server's answer that no second try will change. */
export class RefusedByServer extends Error {
  override readonly name = 'RefusedByServer';
}

export async function transfer({ address, part, signal, silentMs, onBytes }: Transfer): Promise<void> {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { silence.abort(new Error(`no answer for ${silentMs / 1000} s`)); }, silentMs);
  };
  heard();
  try {
    const have = sizeOf(part);
    const response = await fetch(address, { signal: AbortSignal.any([signal, silence.signal]), headers: { 'accept-encoding': 'identity', ...rangeHeaders(address, part, have) } });
    // The part is all there is, or is longer than the file.
    if (response.status === 416) return;
    if (!response.ok || response.body === null) throw refusalOf(response);
    const goesOn = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
    if (response.status === 206 && !goesOn) throw new RefusedByServer('the server sent another range than was asked for');
    writeFileSync(stateFile(part), JSON.stringify({ address, validator: validatorOf(response) }));
    const out = openSync(part, goesOn ? 'a' : 'w');
    try {
      let bytes = goesOn ? have : 0;
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        heard();
        // At once: what waits in the stream's queue when the connection breaks is lost.
        writeAll(out, chunk);
        onBytes(bytes += chunk.length);
      }
    } finally {
      closeSync(out);
    }
  } finally {
    clearTimeout(timer);
  }
}

export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Takes away the part, and what is known of it. */
export function discardPart(part: string): void {
  rmSync(part, { force: true });
  rmSync(stateFile(part), { force: true });
}

function stateFile(part: string): string {
  return `${part}.json`;
}

/** If-Range only where the part came from the same address: another server's mark says nothing here, and the checksum has the last word. */
function rangeHeaders(address: string, part: string, have: number): Record<string, string> {
  if (have === 0) return {};
  try {
    const state = JSON.parse(readFileSync(stateFile(part), 'utf8')) as { readonly address?: unknown; readonly validator?: unknown };
    const known = state.address === address && typeof state.validator === 'string' ? { 'if-range': state.validator } : {};
    return { range: `bytes=${have}-`, ...known };
  } catch {
    return { range: `bytes=${have}-` };
  }
}

/** A weak mark does not promise the same bytes. */
function validatorOf({ headers }: Response): string | undefined {
  const mark = headers.get('etag');
  return mark !== null && !mark.startsWith('W/') ? mark : headers.get('last-modified') ?? undefined;
}

function refusalOf({ status, statusText }: Response): Error {
  const message = `the server answers ${status} ${statusText}`.trim();
  // Too many requests, and what goes wrong in a server, may pass.
  return status === 429 || status >= 500 ? new Error(message) : new RefusedByServer(message);
}
