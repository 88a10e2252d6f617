/** Parameter groups as a file may write them, and what is wrong with one that was written otherwise. */
import * as z from 'zod';
import { nearestName } from './nearestName';
import { matchRemedy, parseMatch, type ParameterGroup } from './parameterGroups';
import type { Problem } from './problem';

/** What each setting of a group may be, in words. */
const allowedIn: Readonly<Record<keyof ParameterGroup, string>> = {
  match: 'the text of a regular expression',
  dimensions: 'a whole number from 0 to 8',
  learningRateScale: 'a number from 0 to 1000',
  weightDecay: 'a number from 0 to 1',
  exact: 'true or false',
};
const groupSettings = Object.keys(allowedIn);

export const groupsSchema = z.array(z.strictObject({
  match: z.string().refine(text => parseMatch(text) instanceof RegExp).meta({ description: 'A regular expression that the tensor\'s name must match; without it, every name does.', format: 'regex' }),
  dimensions: z.int().min(0).max(8).meta({ description: 'How many dimensions the tensor must have; without it, any number.' }),
  learningRateScale: z.number().min(0).max(1000).meta({ description: 'Multiplies the learning rate.' }),
  weightDecay: z.number().min(0).max(1).meta({ description: 'Replaces the weight decay.' }),
  exact: z.boolean().meta({ description: 'Never compressed: all entries are kept.' }),
}).partial());

export const groupsInWords = `a list of groups, each an object with some of ${Object.entries(allowedIn).map(([name, range]) => `${name} (${range})`).join(', ')}`;

/** What is wrong at `path` within `groups`, of which the group's number is the first part. */
export function groupProblems(groups: unknown, [index, setting]: readonly PropertyKey[], unknownKeys: readonly string[]): Problem[] {
  const group = (groups as readonly unknown[])[Number(index)];
  const place = `groups[${String(index)}]`;
  const problem = (message: string): Problem => ({ field: 'groups', message });
  if (unknownKeys.length > 0) return unknownKeys.map(key => problem(unknownSetting(place, key)));
  if (setting === undefined) return [problem(`${place} is ${JSON.stringify(group)}, but must be an object with some of ${groupSettings.join(', ')}. Write for example {"match": "bias$", "weightDecay": 0}.`)];
  const value = (group as Record<PropertyKey, unknown>)[setting];
  const found = `${place}.${String(setting)} is ${JSON.stringify(value)}`;
  const expression = setting === 'match' && typeof value === 'string' ? parseMatch(value) : undefined;
  if (expression !== undefined && !(expression instanceof RegExp)) return [problem(`${found}, which is no regular expression: ${expression.reason}. ${matchRemedy}`)];
  return [problem(`${found}, but must be ${allowedIn[setting as keyof ParameterGroup]}. Choose such a value, or leave it out.`)];
}

function unknownSetting(place: string, key: string): string {
  const near = nearestName(key, groupSettings);
  return `"${key}" in ${place} is not a setting of a group. ${near === undefined ? `Remove it; the settings of a group are ${groupSettings.join(', ')}.` : `Did you mean "${near}"?`}`;
}
