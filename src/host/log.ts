/** Where the host says what it does; the editor's log channel is one. Free of vscode, so that plain tests can listen. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
