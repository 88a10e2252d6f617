/** At build time: the messages of the npm package `typescript`, in English and German, as one JSON file. */

export interface PackedMessage {
  /** What it is: 0 a warning, 1 an error, 2 a suggestion, 3 a mere message. */
  readonly category: number;
  readonly english: string;
  readonly german: string;
}

interface Diagnostic {
  readonly category: number;
  readonly key: string;
  readonly message: string;
}

/** `german`: translations by key. In the order of the package. */
export function packMessages(diagnostics: readonly Diagnostic[], german: Readonly<Record<string, string>>): PackedMessage[] {
  const packed = diagnostics.flatMap(({ category, key, message }) => {
    const translation = german[key];
    return translation === undefined ? [] : [{ category, english: message, german: translation }];
  });
  if (packed.length < 1000) throw new Error(`Only ${packed.length} of TypeScript's ${diagnostics.length} messages have a German translation. Install the package typescript 5.9 again.`);
  return packed;
}
