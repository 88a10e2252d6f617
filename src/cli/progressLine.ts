/** One line on the standard error that says what is going on, where that is a terminal. */
export interface ProgressLine {
  show(text: string): void;
  /** Writes a line that stays, terminal or not. */
  say(text: string): void;
  clear(): void;
}

export function progressLine(out: NodeJS.WriteStream): ProgressLine {
  const clear = () => { if (out.isTTY) out.write('\r\x1b[2K'); };
  return {
    show: text => { if (out.isTTY) out.write(`\r\x1b[2K${text.slice(0, out.columns - 1)}`); },
    say: text => {
      clear();
      out.write(`${text}\n`);
    },
    clear,
  };
}
