/**
 * Parameter groups: settings for some of a model's tensors only, such as no weight decay on biases. A tensor takes each of
 * its settings from the first group that matches it and gives that setting.
 */
import type { Shaped } from './parameterSpace';
import { InputError } from './problem';

export interface ParameterGroup {
  /** A regular expression that the tensor's name must match; absent matches every name. */
  readonly match?: string;
  /** How many dimensions the tensor must have; absent matches any. */
  readonly dimensions?: number;
  /** Multiplies the learning rate. */
  readonly learningRateScale?: number;
  /** Replaces the weight decay. */
  readonly weightDecay?: number;
  /** Never compressed: all entries are kept. */
  readonly exact?: boolean;
}

export interface TensorSettings {
  readonly learningRateScale: number;
  /** Undefined: the weight decay of the run. */
  readonly weightDecay: number | undefined;
  readonly exact: boolean;
}

/** The regular expression of a group, or why its text is none, in the words of the language. */
export function parseMatch(match: string): RegExp | { readonly reason: string } {
  try {
    return new RegExp(match, 'u');
  } catch (error) {
    return { reason: (error instanceof Error ? error.message : String(error)).replace(/^Invalid regular expression: \/.*\/u?: /s, '') };
  }
}

export const matchRemedy = 'Correct it, for example to "bias$", or leave it out to match every name.';

export function matches({ match, dimensions }: ParameterGroup, { name, shape }: Shaped): boolean {
  return (dimensions === undefined || dimensions === shape.length) && (match === undefined || matchesName(match, name));
}

function matchesName(match: string, name: string): boolean {
  const expression = parseMatch(match);
  if (expression instanceof RegExp) return expression.test(name);
  throw new InputError([{ field: 'groups', message: `groups has the match ${JSON.stringify(match)}, which is no regular expression: ${expression.reason}. ${matchRemedy}` }]);
}

/** What the groups say of one tensor. */
export function tensorSettings(groups: readonly ParameterGroup[], tensor: Shaped): TensorSettings {
  const of = groups.filter(group => matches(group, tensor));
  return {
    learningRateScale: of.find(group => group.learningRateScale !== undefined)?.learningRateScale ?? 1,
    weightDecay: of.find(group => group.weightDecay !== undefined)?.weightDecay,
    exact: of.find(group => group.exact !== undefined)?.exact ?? false,
  };
}
