/** Values of options that several benches take. */
import { UsageError } from './usageError';

export function countOf(option: string, text: string, most: number): number {
  const count = Number(text);
  if (text.trim() === '' || !Number.isInteger(count) || count < 1 || count > most) throw new UsageError(`--${option} is "${text}", but must be a whole number from 1 to ${most}. Write for example --${option} ${Math.min(3, most)}.`);
  return count;
}

/** An option may be repeated, and may name several between commas; undefined where it is not given. */
export function namesOf<Name extends string>(option: string, given: readonly string[] | undefined, known: readonly Name[]): Name[] | undefined {
  const names = given?.flatMap(text => text.split(',')).map(text => {
    const name = known.find(each => each === text.trim());
    if (name === undefined) throw new UsageError(`--${option} names "${text}", but must name some of ${known.join(', ')}. Write for example --${option} ${known.slice(0, 2).join(',')}.`);
    return name;
  });
  return names === undefined ? undefined : [...new Set(names)];
}
