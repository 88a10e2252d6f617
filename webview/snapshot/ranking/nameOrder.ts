/**
 * The order of names as people read them: runs of digits by their value, so that `conv10` comes after `conv9`. Of names in lower case.
 * An `Intl.Collator` that does so takes several times as long, which is too long for a frame in which a hundred thousand names are compared.
 */
export function compareNames(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  const byLetter = at === shorter ? one.length - other.length : one.charCodeAt(at) - other.charCodeAt(at);
  // They may differ within a number, which began before.
  let start = at;
  while (start > 0 && isDigit(one.charCodeAt(start - 1))) start--;
  const [end, otherEnd] = [endOfDigits(one, start), endOfDigits(other, start)];
  if (end === start || otherEnd === start) return byLetter;
  // The longer number is the larger, but for zeros in front.
  if (one.charCodeAt(start) !== zero && other.charCodeAt(start) !== zero) return end - otherEnd || byLetter;
  return Number(one.slice(start, end)) - Number(other.slice(start, otherEnd)) || compareNames(one.slice(end), other.slice(otherEnd)) || byLetter;
}

const zero = 48;

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(letter: number): boolean {
  return letter >= zero && letter <= 57;
}
