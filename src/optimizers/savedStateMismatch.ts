/** Why a saved state does not belong to an optimizer: every difference, with both values and what to do about it. */
import { isUsedBy, knob, knobNames, type KnobName } from '../settings/knobs';
import { tensorSettings } from '../settings/parameterGroups';
import { parameterSpace } from '../settings/parameterSpace';
import type { Problem } from '../settings/problem';
import type { SavedState, StateOwner } from './savedState';
import type { StateLeaves } from './stateLeaves';

/** Other settings, tensors or a step that there cannot be. */
export function mismatchesOfOwner(saved: SavedState, owner: StateOwner): Problem[] {
  const [was, is] = [saved.settings.optimizer, owner.settings.optimizer];
  if (was !== is) return [mismatch('optimizer', is, was, 'Create the optimizer with the settings in the saved state.')];
  const step = Number.isSafeInteger(saved.step) && saved.step >= 0 ? [] : [{ field: 'step', message: `step is ${saved.step}, but must be a whole number from 0. Save the state again, or use another copy.` }];
  return [...step, ...ofSettings(saved, owner), ...ofTensors(saved, owner)];
}

/** Settings that decide which arrays there are, how long they are and what their entries mean. */
function ofSettings(saved: SavedState, owner: StateOwner): Problem[] {
  return knobNames.filter(name => shapesState(name, owner)).flatMap(name => {
    const [was, is] = [saved, owner].map(({ settings }) => name === 'momentum' && !(settings.momentum > 0) ? 'off' : settings[name]);
    const same = was === is || (name === 'momentum' && was !== 'off' && is !== 'off');
    return same ? [] : [mismatch(name, is, was, `Create the optimizer with ${name} ${show(saved.settings[name])}, restore, and change it then.`)];
  });
}

function shapesState(name: KnobName, { settings: { optimizer } }: StateOwner): boolean {
  const { applies, usedBy } = knob(name);
  return usedBy !== undefined && applies !== 'nextStep' && isUsedBy(name, optimizer);
}

function ofTensors(saved: SavedState, owner: StateOwner): Problem[] {
  if (saved.tensors.length !== owner.tensors.length) return [mismatch('tensors', owner.tensors.length, saved.tensors.length, sameModel)];
  const [was, is] = [saved, owner].map(({ settings, tensors }) => parameterSpace(tensors).tensors
    .map(tensor => `${tensor.name} ${show(tensor.shape)}${tensorSettings(settings.groups, tensor).exact ? ', exact' : ''}`));
  return (is ?? []).flatMap((tensor, index) => was?.[index] === tensor ? [] : [mismatch(`tensors[${index}]`, tensor, was?.[index], sameModel)]);
}

const sameModel = 'Restore into an optimizer of the model that the state was saved with, its tensors in the same order and its parameter groups the same.';

/** Other arrays or numbers than the state has. */
export function mismatchesOfLeaves(saved: SavedState, { arrays, numbers }: StateLeaves): Problem[] {
  return [
    ...otherNames(arrays, saved.arrays), ...otherNames(numbers, saved.numbers),
    ...[...arrays].flatMap(([name, pieces]) => {
      const found = saved.arrays[name];
      const expected = `${pieces[0]?.constructor.name ?? ''} of ${pieces.reduce((sum, { length }) => sum + length, 0)} entries`;
      const given = `${found?.constructor.name ?? ''} of ${found?.length ?? 0} entries`;
      return found === undefined || given === expected ? [] : [mismatch(name, expected, given, anotherCopy)];
    }),
    ...[...numbers].flatMap(([name, { value, set }]) => {
      const found = saved.numbers[name];
      if (found === undefined || (set === undefined ? found === value : Number.isFinite(found))) return [];
      return [set === undefined ? mismatch(name, value, found, anotherCopy) : { field: name, message: `${name} is ${found} in the saved state, but must be finite. ${anotherCopy}` }];
    }),
  ];
}

const anotherCopy = 'Use a state saved by the same version with the same settings.';

function otherNames(held: ReadonlyMap<string, unknown>, saved: Readonly<Record<string, unknown>>): Problem[] {
  const missing = [...held.keys()].filter(name => !Object.hasOwn(saved, name));
  const extra = Object.keys(saved).filter(name => !held.has(name));
  return [
    ...missing.map(name => ({ field: name, message: `${name} is part of the optimizer's state, but missing in the saved state. ${anotherCopy}` })),
    ...extra.map(name => ({ field: name, message: `${name} is in the saved state, but not part of the optimizer's. ${anotherCopy}` })),
  ];
}

function mismatch(field: string, is: unknown, was: unknown, remedy: string): Problem {
  return { field, message: `${field} is ${show(is)}, but the saved state has ${show(was)}. ${remedy}` };
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
