/** What a change would do: bytes of the optimizer's state by formula at once; the peak and the time of a step as soon as the host has estimated them. */
import { formatByteChange } from '../src/protocol/format';
import type { Forecast } from '../src/protocol/runEvents';
import type { RunState } from '../src/protocol/runState';
import { lateMs } from '../src/protocol/stretches';
import { sectionOf, type LiveKnobName } from '../src/settings/knobs';
import { knownForecast, type ForecastAnswer } from './planning/forecasts';
import { forecastWords } from './planning/forecastWords';
import { predict } from './prediction';

export interface Effect {
  /** Bytes more, or fewer: of the peak for a knob of memory, else of the optimizer's state; undefined where nothing can be said. */
  readonly delta: number | undefined;
  /** `state −341 KiB, peak −345 KiB, step −1 %`, `state and peak −341 KiB, step −1 %`, `state −341 KiB, …`, `same state size`; empty where nothing can be said. */
  readonly words: string;
}

export function effectOf(name: LiveKnobName, value: unknown, state: RunState, answer: ForecastAnswer | undefined): Effect {
  const isOfMemory = sectionOf(name) === 'memory';
  const forecast = knownForecast(answer);
  const stateDelta = isOfMemory ? undefined : predict(state, { [name]: value })?.delta;
  const stretch = state.stretches.at(-1);
  const waits = answer === 'waiting' ? ['…'] : [];
  const words = forecast === undefined ? [...stateWords(stateDelta, waits.length > 0), ...waits] : wordsOf(stateDelta, forecast, stretch && lateMs(stretch));
  return { delta: isOfMemory ? forecast?.peakBytes : stateDelta, words: words.join(', ') };
}

/** State and peak in one where they differ by the same. */
function wordsOf(stateDelta: number | undefined, { peakBytes, ...rest }: Forecast, stepMs: number | undefined): readonly string[] {
  if (stateDelta !== undefined && stateDelta !== 0 && stateDelta === peakBytes) return [`state and peak ${formatByteChange(stateDelta)}`, ...forecastWords(rest, stepMs)];
  const more = forecastWords({ ...rest, ...(peakBytes === undefined ? {} : { peakBytes }) }, stepMs);
  return [...stateWords(stateDelta, more.length > 0), ...more];
}

/** That the state stays as it is need not be said beside the peak. */
function stateWords(delta: number | undefined, saysMore: boolean): readonly string[] {
  if (delta === undefined || (delta === 0 && saysMore)) return [];
  return [delta === 0 ? 'same state size' : `state ${formatByteChange(delta)}`];
}
