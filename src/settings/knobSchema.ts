/** What each knob may hold: as a schema that checks it, and in words for messages and help texts. */
import * as z from 'zod';
import { groupsInWords, groupsSchema } from './checkGroups';
import type { Knob } from './knob';
import { knob, knobNames, type KnobName } from './knobs';
import { sections, type Section } from './knobTable';
import type { Optimizer } from './optimizers';
import { presetNames } from './presets';

const longestText = 1000;
const name = z.string().min(1).max(longestText);

function schemaOf(entry: Knob): z.ZodType {
  switch (entry.kind) {
    case 'switch': return z.boolean();
    case 'choice': return z.literal([...entry.options]);
    case 'groups': return groupsSchema;
    case 'names': return z.array(name).max(longestText).refine(names => new Set(names).size === names.length).meta({ uniqueItems: true });
    case 'path': return name.nullable();
    case 'number': {
      const bounded = z.number().min(entry.min).max(entry.max);
      const whole = entry.integer ? bounded.int() : bounded;
      return entry.nullMeans === undefined ? whole : whole.nullable();
    }
  }
}

function shapeOf(names: readonly KnobName[]): Record<string, z.ZodType> {
  return Object.fromEntries(names.map(one => {
    const entry = knob(one);
    return [one, schemaOf(entry).meta({ title: entry.label, description: entry.help, default: entry.default })];
  }));
}

const fileShape = {
  $schema: z.string().meta({ description: 'Ignored; lets editors find the schema.' }),
  name: z.string().min(1).max(120).meta({ description: 'Shown as the title of the run.' }),
  preset: z.enum(presetNames).meta({ description: 'Where settings start that this file does not give.' }),
  ...shapeOf(knobNames),
};

/** The content of a run file with all settings side by side. */
export const flatSchema = z.strictObject(fileShape).partial();

/** The sections that a file may also write as an object of their own. */
export const objectSections = ['memory', 'text'] as const satisfies readonly Section[];
export type ObjectSection = (typeof objectSections)[number];

export function namesIn(section: Section): readonly KnobName[] {
  return Object.keys(sections[section]) as KnobName[];
}

/** A `*.efcp.json` file as it may be written: a preset to start from, a name, and any settings that differ. */
export const runFileSchema = z.strictObject({
  ...fileShape,
  ...Object.fromEntries(objectSections.map(section => [section, z.strictObject(shapeOf(namesIn(section))).partial().meta({ description: `Settings of the section ${section}; each may as well stand beside the others.` })])),
}).partial();

/** The range of a knob in words; that of one optimizer where it is named. */
export function allowed(entry: Knob, optimizer?: Optimizer): string {
  switch (entry.kind) {
    case 'switch': return 'true or false';
    case 'groups': return groupsInWords;
    case 'choice': return entry.options.join(', ');
    case 'names': return `a list of names of ${entry.of}, each once`;
    case 'path': return `${entry.holds}, or null (${entry.nullMeans})`;
    case 'number': {
      const max = (optimizer === undefined ? undefined : entry.maxFor?.[optimizer]) ?? entry.max;
      const range = `${entry.integer ? 'a whole number' : 'a number'} from ${entry.min} to ${max}`;
      return entry.nullMeans === undefined ? range : `${range}, or null (${entry.nullMeans})`;
    }
  }
}

/** `0.05 (sgd 0.1, adamw 0.001)` */
export function defaultInWords(entry: Knob): string {
  const others = 'defaultFor' in entry ? Object.entries(entry.defaultFor ?? {}).map(([optimizer, value]) => `${optimizer} ${value}`) : [];
  return `${Array.isArray(entry.default) ? '[]' : String(entry.default)}${others.length === 0 ? '' : ` (${others.join(', ')})`}`;
}
