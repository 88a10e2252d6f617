/** The bench of the optimizers: every recipe at every size, beside two yardsticks taken in the same run. */
import { stateBytes, totalBytes } from '../../settings/stateBytes';
import { defaultsFor, isUsedBy, type Settings } from '../../settings/knobs';
import { ggt, isAmong, mfac, optimizers, type Optimizer } from '../../settings/optimizers';
import { parameterSpace } from '../../settings/parameterSpace';
import { benchCompute } from './benchCompute';
import { originalsHeld } from './fillSignedRows';
import { collectGarbage, freeBytes } from './memoryLimit';
import { measureOptimizer } from './measureOptimizer';
import type { Part } from './parts';
import { plainBytes } from './plain/plainFor';
import { createMemoryReader, mostBytesRead } from './readMemory';
import { problemShapes } from './shapes';
import { breathing } from './stopwatch';

/** One recipe at one size. Null: this recipe has no such thing. */
export interface BenchRow {
  readonly recipe: Optimizer;
  readonly dim: number;
  readonly window: number | null;
  readonly density: number | null;
  readonly rank: number | null;
  readonly stepMs: number;
  readonly parts: Readonly<Record<Part, number | null>>;
  /** For one thread to read the window's bytes once. */
  readonly readWindowMs: number | null;
  readonly plainJsMs: number | null;
  readonly stateBytes: number;
  readonly formulaBytes: number;
  readonly bytesPerParameter: number;
  /** Such as "wasm, 2 threads". */
  readonly compute: string;
}

export interface BenchRequest {
  readonly recipes: readonly Optimizer[];
  readonly dimensions: readonly number[];
  /** Leaves out what would take more than so many milliseconds a step, by what it took at a smaller size. */
  readonly longestStepMs: number;
  /** What differs from the settings of the published experiments. */
  readonly overrides: Partial<Settings>;
  /** Folder of the files that the build made. */
  readonly assets: string;
  readonly signal: AbortSignal;
  /** What is going on; for those who watch. */
  readonly note: (what: string) => void;
  /** What was left out, and why. */
  readonly skipped: (what: string) => void;
}

export const defaultDimensions = [1e5, 1e6, 1e7] as const;
export const defaultRecipes = optimizers;

/** The windows of the experiments in the paper: 1024 for M-FAC, 100 for GGT. */
export function benchSettings(recipe: Optimizer, overrides: Partial<Settings>): Settings {
  const published = isAmong(mfac, recipe) ? { window: 1024 } : isAmong(ggt, recipe) ? { window: 100 } : {};
  return { ...defaultsFor(recipe), ...published, ...overrides, optimizer: recipe };
}

/** Rows as they come, the smallest size first. */
export async function* benchOptimizers({ recipes, dimensions, longestStepMs, overrides, assets, signal, note, skipped }: BenchRequest): AsyncGenerator<BenchRow> {
  const reader = createMemoryReader();
  const smaller = new Map<Optimizer, BenchRow>();
  for (const dim of [...dimensions].sort((a, b) => a - b)) {
    for (const recipe of recipes) {
      signal.throwIfAborted();
      const name = `${recipe}, d = ${dim.toLocaleString('en')}`;
      const settings = benchSettings(recipe, overrides);
      collectGarbage();
      const room = roomFor(settings, dim);
      const reason = tooSlow(smaller.get(recipe), dim, longestStepMs) ?? tooLarge(room);
      if (reason !== undefined) {
        skipped(`${name}: ${reason}`);
        continue;
      }
      const withPlain = room.needed + (room.plain ?? 0) <= room.free;
      if (!withPlain) skipped(`${name}, plain JavaScript: needs ${room.plain ?? 0} bytes more, and ${Math.floor(room.free - room.needed)} would be left.`);
      const row = await measureRow(recipe, dim, settings, { assets, signal, withPlain, readMs: bytes => reader.readMs(bytes), note: what => note(`${name}: ${what}`) });
      smaller.set(recipe, row);
      yield row;
    }
  }
}

interface RowOptions {
  readonly assets: string;
  readonly signal: AbortSignal;
  readonly withPlain: boolean;
  readonly readMs: (bytes: number) => number;
  readonly note: (what: string) => void;
}

async function measureRow(recipe: Optimizer, dim: number, settings: Settings, { assets, signal, withPlain, readMs, note }: RowOptions): Promise<BenchRow> {
  const compute = benchCompute(assets);
  try {
    const measured = await measureOptimizer({ settings, dimension: dim, compute, withPlain, breathe: breathing(signal), note });
    const { windowValues = 0, windowIndices = 0, windowFactors = 0 } = stateBytes(settings, parameterSpace(problemShapes(dim)));
    const windowBytes = windowValues + windowIndices + windowFactors;
    const { topK = null, dots = null, solve = null, combine = null } = measured.parts;
    const used = <Name extends 'window' | 'density' | 'rank'>(knob: Name) => (isUsedBy(knob, recipe) ? settings[knob] : null);
    return {
      recipe, dim, window: used('window'), density: used('density'), rank: used('rank'),
      stepMs: measured.stepMs, parts: { topK, dots, solve, combine },
      readWindowMs: windowBytes === 0 ? null : readMs(windowBytes), plainJsMs: measured.plainMs ?? null,
      stateBytes: measured.stateBytes, formulaBytes: measured.formulaBytes, bytesPerParameter: measured.stateBytes / dim, compute: compute.name,
    };
  } finally {
    await compute.close();
  }
}

function tooSlow(smaller: BenchRow | undefined, dim: number, longestStepMs: number): string | undefined {
  if (smaller === undefined || smaller.stepMs * dim / smaller.dim <= longestStepMs) return undefined;
  return `a step took ${(smaller.stepMs / 1000).toFixed(1)} s at ${smaller.dim.toLocaleString('en')}. Name it with --recipe to time it all the same.`;
}

interface Room {
  readonly state: number;
  /** Held at a time: the state, gradients and parameters, and the memory that is read as a yardstick. */
  readonly needed: number;
  /** Of the plain version, where there is one. */
  readonly plain: number | undefined;
  readonly free: number;
}

function roomFor(settings: Settings, dimension: number): Room {
  const state = totalBytes(stateBytes(settings, parameterSpace(problemShapes(dimension))));
  return { state, needed: state + (16 + 4 * originalsHeld) * dimension + Math.min(state, mostBytesRead), plain: plainBytes(settings, dimension), free: freeBytes() };
}

function tooLarge({ state, needed, free }: Room): string | undefined {
  return needed <= free ? undefined : `needs ${needed} bytes, of which ${state} are its state, and ${Math.floor(free)} are free. Choose a smaller --dim or --window.`;
}
