/** A server on this machine that hands out files as one of the web would, and fails as one of the web would when it is told to. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedFile {
  body: Uint8Array;
  /** Sent as ETag, and compared with If-Range. */
  mark?: string;
  /** Whether it knows Range. */
  ranges?: boolean;
  /** Bytes after which the connection breaks, once for every entry. */
  cuts?: number[];
  status?: number;
  /** Sends nothing more after so many bytes, and leaves the connection open. */
  stallsAfter?: number;
}

export interface FileServer {
  readonly address: string;
  readonly files: Map<string, ServedFile>;
  /** What was asked for, in order. */
  readonly requests: { readonly file: string; readonly headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, ServedFile>();
  const requests: FileServer['requests'] = [];
  const server = createServer(({ url = '', headers }, response) => {
    const file = url.slice(1);
    requests.push({ file, headers });
    const served = files.get(file);
    if (served === undefined || served.status !== undefined) response.writeHead(served?.status ?? 404).end();
    else send(served, headers, response);
  });
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve); });
  return {
    files, requests, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise(resolve => {
      server.closeAllConnections();
      server.close(() => { resolve(); });
    }),
  };
}

function send(served: ServedFile, headers: IncomingHttpHeaders, response: ServerResponse): void {
  const { body, mark, ranges = true, stallsAfter } = served;
  const asked = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  const from = ranges && asked !== undefined && (headers['if-range'] === undefined || headers['if-range'] === mark) ? Number(asked) : 0;
  const marks = mark === undefined ? {} : { etag: mark };
  if (from >= body.length) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const rest = body.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { ...marks, 'content-length': rest.length, ...(from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}) });
  const cut = served.cuts?.shift() ?? stallsAfter;
  if (cut === undefined) response.end(rest);
  else response.write(rest.subarray(0, cut), () => { if (stallsAfter === undefined) setTimeout(() => { response.destroy(); }, 20); });
}
