/** The editor's side of the webview, typed by the panel protocol. */
import type { FromPanel } from '../src/protocol/panel';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  /** Kept over a reload of the window; the host's serializer reads it. */
  setState(state: { readonly runDirectory: string }): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export type Post = (message: FromPanel) => void;

/** May be called once in the life of a webview. */
export function connect(): VsCodeApi {
  return acquireVsCodeApi();
}
