/**
 * Milliseconds that a run's placement takes for one step: timed on parameters like the run's, but few enough to take a moment, and carried over
 * to all of them by the law of the optimizer. In proportion to the parameters; a window also to its rows, beside the solution for its gram
 * (ruleTime.ts); matrices by the products that they need (matrixWork.ts).
 */
import type { Settings } from '../../settings/knobs';
import { optimizerSettingNames, type OptimizerSettingName } from '../../settings/optimizerSettings';
import { isAmong, sided, windowed } from '../../settings/optimizers';
import { parameterSpace, type Shaped } from '../../settings/parameterSpace';
import { stateBytes, totalBytes } from '../../settings/stateBytes';
import { matrixWork } from './matrixWork';
import { ruleMs } from './ruleTime';
import { asSmallMatrices, entriesOf, shortened } from './shrunk';
import { timedUpdates, type TimedRun, type TimedUpdate, type TimedUpdates } from './timedUpdates';

export interface UpdateTime {
  /** Of a step. */
  readonly updateMs: number;
  /** Of each slice: taking all its gradients in, and making all parameters dense for one pass, where they are stored in another way. */
  readonly collectMs: number;
  readonly lendMs: number;
  /** How it was found, in a sentence. */
  readonly how: string;
}

/** Entries, rows of a window and bytes of state that are timed at most. */
const mostEntries = 2 ** 18;
const mostRows = 32;
const mostStateBytes = 2 ** 23;
/** Rows that tell what one costs, beside all of them. */
const fewRows = 8;
/** Multiplications of a step, and of roots: in matrices much smaller the calls would take longer than the products. */
const mostProducts = 4e7;
const mostRoots = 5e6;

/** Two settings with the same key take the same time. */
export function updateKey(settings: Settings): string {
  return JSON.stringify(deciding.map(name => decides(name, settings)));
}

export function measureUpdateTime(run: TimedRun, parameters: readonly Shaped[]): Promise<UpdateTime> {
  const { optimizer } = run.settings;
  if (optimizer === 'muon' || isAmong(sided, optimizer)) return byMatrices(run, parameters);
  return isAmong(windowed, optimizer) ? byWindow(run, parameters) : inProportion(run, parameters);
}

async function inProportion(run: TimedRun, parameters: readonly Shaped[]): Promise<UpdateTime> {
  const some = shortened(parameters, mostEntries);
  const times = await timedUpdates(run, some, [1, 2, 3, 4, 5]);
  const scale = entriesOf(parameters) / entriesOf(some);
  return { ...carriedOver(times, scale), updateMs: scale * least(times.updates.slice(-3)), how: `The update was timed ${withSome(some, parameters)}.` };
}

async function byWindow(run: TimedRun, parameters: readonly Shaped[]): Promise<UpdateTime> {
  const { settings, settings: { window } } = run;
  const rows = Math.min(window, mostRows);
  const fewer = { ...settings, window: rows };
  const some = shortened(parameters, mostEntriesOf(fewer, parameters));
  const times = await timedUpdates({ ...run, settings: fewer }, some, Array.from({ length: rows + 5 }, (_, at) => at + 1));
  const scale = entriesOf(parameters) / entriesOf(some);
  const full = Math.max(0, least(times.updates.slice(-5)) - ruleMs(settings, rows));
  const aRow = rows <= fewRows ? 0 : Math.max(0, (full - least(times.updates.slice(fewRows - 3, fewRows + 2)) + ruleMs(settings, rows, fewRows)) / (rows - fewRows));
  return {
    ...carriedOver(times, scale), updateMs: scale * (full + (window - rows) * aRow) + ruleMs(settings, window),
    how: `The update was timed ${withSome(some, parameters)}${window > rows ? ` and ${rows} rows of its window of ${window}, each row more taking as long as these` : ''}.`,
  };
}

/** So few that the state of the window is small. */
function mostEntriesOf(settings: Settings, parameters: readonly Shaped[]): number {
  let most = mostEntries;
  while (most > 1024 && totalBytes(stateBytes(settings, parameterSpace(shortened(parameters, most)))) > mostStateBytes) most /= 2;
  return most;
}

async function byMatrices(run: TimedRun, parameters: readonly Shaped[]): Promise<UpdateTime> {
  const { settings } = run;
  const interval = isAmong(sided, settings.optimizer) ? settings.preconditionInterval : 1;
  const { some, longest } = oneMatrix(settings, parameters);
  const times = await timedUpdates(run, some, [1, 2, 3, 1 + interval, 2 + interval, 1 + 2 * interval, 2 + 2 * interval]);
  const [first, plain, second, last] = times.updates.slice(-4) as [TimedUpdate, TimedUpdate, TimedUpdate, TimedUpdate];
  const plainMs = least([plain, last]);
  const rootsMs = Math.max(0, least([first, second]) - plainMs);
  const [whole, part] = [matrixWork(settings, parameters), matrixWork(settings, some)];
  const roots = part.atIntervals === 0 ? 0 : rootsMs * whole.atIntervals / part.atIntervals;
  return {
    ...carriedOver(times, entriesOf(parameters) / entriesOf(some)), updateMs: plainMs * whole.everyStep / part.everyStep + roots / interval,
    how: `The update was timed with a matrix of at most ${longest} x ${longest}, and takes longer by as many operations as the model's need.`,
  };
}

/** The one that takes the longest, cut down until it takes a moment. */
function oneMatrix(settings: Settings, parameters: readonly Shaped[]): { some: Shaped[]; longest: number } {
  const work = (one: Shaped) => matrixWork(settings, [one]);
  const all = (one: Shaped) => work(one).everyStep + work(one).atIntervals;
  const largest = parameters.reduce((most, one) => (all(one) > all(most) ? one : most));
  for (let longest = 1024; ; longest /= 2) {
    const some = asSmallMatrices([largest], longest);
    const { everyStep, atIntervals } = matrixWork(settings, some);
    if (longest <= 16 || (everyStep <= mostProducts && atIntervals <= mostRoots)) return { some, longest };
  }
}

function carriedOver({ updates, lendMs }: TimedUpdates, scale: number): Pick<UpdateTime, 'collectMs' | 'lendMs'> {
  return { collectMs: scale * Math.min(...updates.map(({ collectMs }) => collectMs)), lendMs: scale * lendMs };
}

/** Without what else the machine did meanwhile. */
function least(times: readonly TimedUpdate[]): number {
  return Math.min(...times.map(({ updateMs }) => updateMs));
}

function withSome(some: readonly Shaped[], all: readonly Shaped[]): string {
  const [timed, there] = [entriesOf(some), entriesOf(all)];
  return timed === there ? 'with gradients of noise' : `with ${timed} parameters, of which it takes ${(there / timed).toFixed(1)} times as many`;
}

/** Settings that decide how long an update takes. The others are numbers that it computes with, whatever they are. */
const deciding = [
  ...optimizerSettingNames.filter(name => !isNumberOnly(name)), 'optimizer', 'placement', 'parameterPrecision', 'momentPrecision', 'masterCopy', 'weightDensity', 'fusedUpdate',
] as const satisfies readonly (keyof Settings)[];

function isNumberOnly(name: OptimizerSettingName): boolean {
  return ['learningRate', 'schedule', 'warmupSteps', 'stepEvery', 'stepFactor', 'weightDecay', 'damping', 'beta1', 'beta2', 'epsilon'].includes(name);
}

/** Of bounds and of momentum, whether there is one. */
function decides(name: (typeof deciding)[number], settings: Settings): Settings[keyof Settings] {
  if (name === 'clipNorm' || name === 'clipValue') return settings[name] === null;
  return name === 'momentum' ? settings.momentum === 0 : settings[name];
}
