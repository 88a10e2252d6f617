/** Checks what a user wrote against the table of knobs. Every refusal names the field, the value, the range and the remedy. */
import type * as z from 'zod';
import { groupProblems } from './checkGroups';
import { combinationProblems, problemsAmong } from './combinations';
import { placementProblems } from './devicePlacement';
import { flattenSections } from './flattenSections';
import { defaultOf, defaults, defaultsFor, isLive, isUsedBy, knob, knobNames, type KnobName, type LiveSettings, type Settings } from './knobs';
import { allowed, defaultInWords, flatSchema } from './knobSchema';
import { nearestName } from './nearestName';
import type { Optimizer } from './optimizers';
import { presetNames, presets, isPresetName } from './presets';
import { InputError, type Problem } from './problem';
import { workersProblems } from './workers';

export type RunFile = Partial<Settings> & { readonly $schema?: string; readonly name?: string; readonly preset?: string };

/** Validates the content of a run file, or of an object with the same fields. */
export function checkRunFile(input: unknown): RunFile {
  const { flat, problems: ofSections } = isObject(input) ? flattenSections(input) : { flat: input, problems: [] };
  const result = flatSchema.safeParse(flat);
  if (!result.success || ofSections.length > 0) {
    // One value can break two rules, such as the range and wholeness; its message states both.
    const problems = new Map((result.error?.issues ?? []).flatMap(issue => problemsOf(issue, flat)).map(problem => [problem.message, problem]));
    throw new InputError([...ofSections, ...problems.values()]);
  }
  const file = result.data as RunFile;
  const optimizer = file.optimizer ?? presetSettings(file).optimizer;
  const settings = settingsOf(file, optimizer ?? defaults.optimizer);
  if (optimizer !== undefined) {
    refuseBeyondLimits(settingsIn(file), optimizer);
    refuse(placementProblems(settings));
  }
  refuse(workersProblems(settings.workers, settings.backend));
  refuse(problemsAmong(settings, new Set(Object.keys({ ...presetSettings(file), ...settingsIn(file) }))));
  return file;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses values that the table allows, but not for this optimizer. */
function refuseBeyondLimits(given: Partial<Settings>, optimizer: Optimizer): void {
  const problems = (Object.keys(given) as KnobName[]).flatMap((field): Problem[] => {
    const [entry, value] = [knob(field), given[field]];
    const max = entry.kind === 'number' ? entry.maxFor?.[optimizer] : undefined;
    if (max === undefined || typeof value !== 'number' || value <= max) return [];
    const remedy = `Choose such a value, or another optimizer, or leave it out for the default ${show(defaultOf(field, optimizer))}.`;
    return [{ field, message: `${field} is ${show(value)}, but must be ${allowed(entry, optimizer)} for the optimizer ${optimizer}. ${remedy}` }];
  });
  refuse(problems);
}

/** What is wrong with settings that are right each by itself. */
export function problemsTogether(settings: Settings, given: object): Problem[] {
  return [...placementProblems(settings), ...workersProblems(settings.workers, settings.backend), ...combinationProblems(settings, new Set(Object.keys(given)))];
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InputError(problems);
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const field = String(issue.path[0] ?? '');
  const unknownKeys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (field === 'groups' && issue.path.length > 1) return groupProblems((input as Record<string, unknown>).groups, issue.path.slice(1), unknownKeys);
  if (unknownKeys.length > 0) return unknownKeys.map(unknownField);
  if (field === '') return [{ field, message: `A run is described by a JSON object of settings, but this is ${show(input)}. Write for example {"preset": "digits-mlp"}.` }];
  const value = (input as Record<string, unknown>)[field];
  if (field === 'preset') return [{ field, message: `preset is ${show(value)}, but must be one of ${presetNames.join(', ')}. Name one of these, or leave it out.` }];
  if (field === 'name') return [{ field, message: `name is ${show(value)}, but must be a text of 1 to 120 characters. Shorten it, or leave it out.` }];
  if (!isKnobName(field)) return [{ field, message: `${field} is ${show(value)}: ${issue.message}. Correct it, or leave it out.` }];
  const entry = knob(field);
  return [{ field, message: `${field} is ${show(value)}, but must be ${allowed(entry)}. Choose such a value, or leave it out for the default ${defaultInWords(entry)}.` }];
}

function unknownField(field: string): Problem {
  const near = nearestName(field, [...knobNames, 'preset', 'name']);
  const remedy = near === undefined ? `Remove it; the settings are ${knobNames.join(', ')}.` : `Did you mean "${near}"?`;
  return { field, message: `"${field}" is not a setting. ${remedy}` };
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

export function isKnobName(name: string): name is KnobName {
  return (knobNames as readonly string[]).includes(name);
}

/** The settings that a file gives, without what else it says. */
function settingsIn(file: RunFile): Partial<Settings> {
  return Object.fromEntries(Object.entries(file).filter(([name]) => isKnobName(name)));
}

/** Settings of a run: the file's, over its preset's, over the defaults of its optimizer. */
export function resolveSettings(file: RunFile): Settings {
  const chosen: Partial<Settings> = { ...presetSettings(file), ...settingsIn(file) };
  const optimizer = chosen.optimizer ?? defaults.optimizer;
  refuseBeyondLimits(chosen, optimizer);
  const settings = settingsOf(file, optimizer);
  refuse(problemsTogether(settings, file));
  return settings;
}

function settingsOf(file: RunFile, optimizer: Optimizer): Settings {
  return { ...defaultsFor(optimizer), ...presetSettings(file), ...settingsIn(file) };
}

function presetSettings({ preset }: RunFile): Partial<Settings> {
  return preset !== undefined && isPresetName(preset) ? presets[preset].settings : {};
}

/** Validates a change asked for while a run goes on; refuses knobs that need a new run or that its optimizer does not read. */
export function checkChange(change: unknown, current: Settings): Partial<LiveSettings> {
  const given = settingsIn(checkRunFile(change));
  const problems = (Object.keys(given) as KnobName[]).flatMap((field): Problem[] => {
    if (!isLive(field)) return [{ field, message: `${field} is ${show(current[field])} for the whole run and cannot change while it goes on. Start a new run with ${field} ${show(given[field])}.` }];
    if (!isUsedBy(field, current.optimizer)) return [{ field, message: `${field} has no effect on the optimizer ${current.optimizer}. Start a new run with one that reads it: ${knob(field).usedBy?.join(', ') ?? ''}.` }];
    return [];
  });
  refuse(problems);
  refuseBeyondLimits(given, current.optimizer);
  refuse(problemsTogether({ ...current, ...given }, given));
  return given;
}
