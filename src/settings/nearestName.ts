/** Guesses which of the known names was meant: equal but for case and punctuation, one containing the other, or two edits apart; of several, that of the fewest edits. */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  const edits = (name: string) => editDistance(plain(name), plain(typed));
  return known.filter(name => isNear(name, typed)).sort((a, b) => edits(a) - edits(b))[0];
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function isNear(known: string, typed: string): boolean {
  const [a, b] = [plain(known), plain(typed)];
  return a === b || (b.length > 3 && (a.includes(b) || b.includes(a))) || editDistance(a, b) <= 2;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
