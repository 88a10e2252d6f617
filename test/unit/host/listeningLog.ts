import type { Log } from '../../../src/host/log';

/** A log that can be read: `level: message` in order. */
export class ListeningLog implements Log {
  readonly lines: string[] = [];
  info = (message: string) => void this.lines.push(`info: ${message}`);
  warn = (message: string) => void this.lines.push(`warn: ${message}`);
  error = (message: string) => void this.lines.push(`error: ${message}`);
}
