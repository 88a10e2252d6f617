/**
 * Times of many ways to hold a model's parameters, gradients and state, made of few measurements: of each way to store, with the given window,
 * and of each of the window's settings by itself. Where several of these differ from the given ones, each contributes the ratio that it has alone.
 */
import { performance } from 'node:perf_hooks';
import { isUsedBy, type KnobName, type Settings } from '../../settings/knobs';
import { updateKey, type UpdateTime } from '../estimate/updateTime';
import type { ProbeControl } from './timedInTurns';

export type StoreTimes = Pick<UpdateTime, 'lendMs' | 'collectMs' | 'updateMs'>;

/** For the ways to store, and for the windows. */
const mostMs = 1500;
const windowNames = ['density', 'rank', 'window', 'valuePrecision', 'errorFeedbackBits'] as const satisfies readonly KnobName[];
const storageNames = ['optimizer', 'parameterPrecision', 'momentPrecision', 'masterCopy', 'weightDensity', 'fusedUpdate'] as const satisfies readonly (keyof Settings)[];

export class StoresProbe {
  private readonly known = new Map<string, StoreTimes>();

  constructor(private readonly timeOf: (settings: Settings) => Promise<UpdateTime>) {}

  /** Measures what the times of these settings need and is not known yet, the first of them first, as long as there is time. */
  async measure(given: Settings, wanted: readonly Settings[], { signal, progress }: ProbeControl): Promise<void> {
    const inTime = async (list: readonly Settings[]): Promise<void> => {
      const missing = new Map(list.filter(settings => !this.known.has(updateKey(settings))).map(settings => [updateKey(settings), settings]));
      const end = performance.now() + mostMs;
      let done = 0;
      for (const [key, settings] of missing) {
        await new Promise(resolve => { setImmediate(resolve); });
        signal?.throwIfAborted();
        if (performance.now() > end) return;
        progress?.(done++, missing.size);
        const { lendMs, collectMs, updateMs } = await this.timeOf(settings);
        this.known.set(key, { lendMs, collectMs, updateMs });
      }
    };
    await inTime([given, ...wanted].map(settings => storedAs(settings, given)));
    await inTime(wanted.flatMap(settings => windowsOf(settings, given)));
  }

  /** Undefined where not all that it needs was measured. */
  timesOf(settings: Settings, given: Settings): StoreTimes | undefined {
    const times = this.known.get(updateKey(storedAs(settings, given)));
    const [own, ...single] = windowsOf(settings, given).map(each => this.known.get(updateKey(each))?.updateMs);
    if (times === undefined || single.includes(undefined)) return undefined;
    if (own === undefined || own === 0) return single.length === 0 ? times : undefined;
    return { ...times, updateMs: single.reduce<number>((product, each) => product * (each ?? 0) / own, times.updateMs) };
  }
}

/** Slices change nothing in what one of them takes, and fused updates cannot have any. */
function storedAs(settings: Settings, given: Settings): Settings {
  return { ...given, microbatch: null, ...Object.fromEntries(storageNames.map(name => [name, settings[name]])) };
}

/** The given window under the optimizer, then with each of the settings that differ. */
function windowsOf({ optimizer, ...settings }: Settings, given: Settings): Settings[] {
  const own = { ...given, microbatch: null, optimizer };
  const differing = windowNames.filter(name => isUsedBy(name, optimizer) && settings[name] !== given[name]);
  return [own, ...differing.map(name => ({ ...own, [name]: settings[name] }))];
}
