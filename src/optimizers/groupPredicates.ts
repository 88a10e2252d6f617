/** Parameter groups that pick tensors by a function, turned into groups that can be written down once the tensors are known. */
import type { ParameterGroup } from '../settings/parameterGroups';
import type { Shaped } from '../settings/parameterSpace';

/** A group whose `match` may also be an expression with flags, or a function that says whether a tensor belongs to it. */
export type SelectingGroup = Omit<ParameterGroup, 'match'> & { readonly match?: string | Selector };

type Selector = RegExp | ((tensor: Shaped) => boolean);

export function resolveGroups(groups: readonly SelectingGroup[], tensors: readonly Shaped[]): ParameterGroup[] {
  return groups.map(({ match, ...settings }) => ({ ...settings, ...(match === undefined ? {} : { match: isSelector(match) ? oneOf(tensors.filter(selects(match))) : match }) }));
}

/** What only a function or an expression with flags can say; anything else is left for validation to judge. */
function isSelector(match: unknown): match is Selector {
  return typeof match === 'function' || match instanceof RegExp;
}

/** search() begins at the first letter also where a global or sticky expression was used before. */
function selects(match: Selector): (tensor: Shaped) => boolean {
  return typeof match === 'function' ? match : ({ name }) => name.search(match) >= 0;
}

/** A regular expression that matches these names and no other; one that matches nothing where there are none. */
function oneOf(tensors: readonly Shaped[]): string {
  return tensors.length === 0 ? '(?!)' : `^(?:${tensors.map(({ name }) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')})$`;
}
