/** Writes message catalogs as GNU gettext lays them out. */

export interface MoOptions {
  readonly order?: 'little' | 'big';
  /** Of the translations. */
  readonly encode?: (text: string) => Buffer;
}

/** `messages`: originals and translations, the header's original being empty. */
export function moFile(messages: readonly (readonly [string, string])[], { order = 'little', encode = text => Buffer.from(text) }: MoOptions = {}): Buffer {
  const texts = [...messages.map(([original]) => Buffer.from(original)), ...messages.map(([, translation]) => encode(translation))];
  const tables = Buffer.alloc(28 + 8 * texts.length);
  const write = (value: number, place: number) => order === 'little' ? tables.writeUInt32LE(value, place) : tables.writeUInt32BE(value, place);
  [0x950412de, 0, messages.length, 28, 28 + 8 * messages.length, 0, 0].forEach((value, place) => { write(value, 4 * place); });
  let start = tables.length;
  texts.forEach((text, place) => {
    write(text.length, 28 + 8 * place);
    write(start, 32 + 8 * place);
    start += text.length + 1;
  });
  return Buffer.concat([tables, ...texts.flatMap(text => [text, Buffer.alloc(1)])]);
}
