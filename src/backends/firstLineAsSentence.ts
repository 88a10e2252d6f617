/** The first line of what somebody else's code says, as a sentence that another can follow. */
export function firstLineAsSentence(said: unknown): string {
  const line = (said instanceof Error ? said.message : String(said)).split('\n')[0]?.trim() ?? '';
  return line === '' || line.endsWith('.') ? line : `${line}.`;
}
