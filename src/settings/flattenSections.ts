/**
 * Brings the settings of a run file side by side: {"memory": {"microbatch": 10}} and {"memory.microbatch": 10} say what {"microbatch": 10} says.
 * A problem's field is the path where it stands.
 */
import { namesIn, objectSections, type ObjectSection } from './knobSchema';
import { sectionOf } from './knobs';
import { nearestName } from './nearestName';
import type { Problem } from './problem';

export interface Flattened {
  readonly flat: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

const exampleOf: Readonly<Record<ObjectSection, string>> = { memory: '{"microbatch": 10}', text: '{"batchTokens": 4000}' };

export function flattenSections(input: Readonly<Record<string, unknown>>): Flattened {
  const problems: Problem[] = [];
  const given = Object.entries(input).flatMap(([key, value]): Place[] => {
    const [section, ...rest] = key.split('.');
    if (!isObjectSection(section)) return [{ path: key, name: key, value }];
    if (rest.length > 0) return [{ path: key, section, name: rest.join('.'), value }];
    if (isObject(value)) return Object.entries(value).map(([name, inner]) => ({ path: `${section}.${name}`, section, name, value: inner }));
    problems.push({ field: key, message: `${key} is ${JSON.stringify(value)}, but must be an object with some of ${namesIn(section).join(', ')}. Write for example ${exampleOf[section]}.` });
    return [];
  });
  const flat = new Map<string, Place>();
  for (const place of given) {
    const stranger = place.section === undefined ? undefined : notInSection(place.section, place.name);
    const other = flat.get(place.name);
    if (stranger !== undefined) problems.push({ field: place.path, message: stranger });
    else if (other === undefined) flat.set(place.name, place);
    else problems.push({ field: place.path, message: `${place.name} is given twice: ${other.path} is ${JSON.stringify(other.value)}, and ${place.path} is ${JSON.stringify(place.value)}. Keep one of the two.` });
  }
  return { flat: Object.fromEntries([...flat].map(([name, { value }]) => [name, value])), problems };
}

interface Place {
  /** As written: `memory.microbatch`. */
  readonly path: string;
  readonly section?: ObjectSection;
  readonly name: string;
  readonly value: unknown;
}

/** What is wrong with a name that does not belong to a section. */
function notInSection(section: ObjectSection, name: string): string | undefined {
  const own = namesIn(section);
  if ((own as readonly string[]).includes(name)) return undefined;
  const home = sectionOf(name);
  if (home !== undefined) return `${name} is a setting, but not of the section ${section}. Move it out of ${section}, beside the other settings.`;
  const near = nearestName(name, own);
  return `"${name}" is not a setting of the section ${section}. ${near === undefined ? `Remove it; its settings are ${own.join(', ')}.` : `Did you mean "${near}"?`}`;
}

function isObjectSection(name: string | undefined): name is ObjectSection {
  return (objectSections as readonly (string | undefined)[]).includes(name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
