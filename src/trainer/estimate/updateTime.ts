/**
 * Milliseconds of an update: that of the same optimizer for 512 x 512 made-up parameters, in proportion to their number. A window that
 * takes too many steps to be full is extrapolated from two smaller ones: each row of M-FAC's is read once for its product and once for
 * its share of the combination. Absent where that would say little: where the time grows faster than the parameters (two sides of
 * matrices) or the rows (GGT's eigenvalues), and where parameters are stored packed or updated on the device.
 */
import { performance } from 'node:perf_hooks';
import { sizeOf, type Model } from '../../models/model';
import { createOptimizer } from '../../optimizers/optimizer';
import type { Settings } from '../../settings/knobs';
import { isPacked } from '../../settings/memoryTechniques';
import { optimizerSettingNames } from '../../settings/optimizerSettings';
import { mfac, sided, windowed } from '../../settings/optimizers';
import { hostCompute } from '../hostCompute';
import { remembered } from './weighRun';

const side = 512;
/** Rows of a window that is filled at most, and of a smaller one that tells what a row costs. */
const mostFilling = 64;
const fewRows = 16;
/** Steps that are timed. */
const timed = 3;

export async function measureUpdateTime(known: Map<string, Promise<number | undefined>>, settings: Settings, { parameters }: Model, assets: string): Promise<number | undefined> {
  if (!isMeasured(settings)) return undefined;
  const ms = await remembered(known, JSON.stringify([settings.optimizer, ...optimizerSettingNames.map(name => settings[name])]), () => Promise.resolve(update(settings, assets)));
  const dimension = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return ms === undefined ? undefined : ms * dimension / side ** 2;
}

function isMeasured(settings: Settings): boolean {
  const { optimizer, placement, window } = settings;
  if (isPacked(settings) || placement === 'device') return false;
  if ((sided as readonly string[]).includes(optimizer) || optimizer === 'muon') return false;
  return !isWindowed(optimizer) || window <= mostFilling || (mfac as readonly string[]).includes(optimizer);
}

function isWindowed(optimizer: Settings['optimizer']): boolean {
  return (windowed as readonly string[]).includes(optimizer);
}

function update(settings: Settings, assets: string): number {
  const { optimizer, window } = settings;
  if (!isWindowed(optimizer) || window <= mostFilling) return measure(settings, assets);
  const [few, many] = [fewRows, mostFilling].map(rows => measure({ ...settings, window: rows }, assets)) as [number, number];
  return many + Math.max(0, many - few) / (mostFilling - fewRows) * (window - mostFilling);
}

function measure(settings: Settings, assets: string): number {
  const shape = [side, side];
  const optimizer = createOptimizer({ ...settings, groups: [], schedule: 'constant' }, [{ name: 'made up', shape }], { compute: hostCompute(assets) });
  const values = new Float32Array(side ** 2);
  const filling = isWindowed(settings.optimizer) ? settings.window : 2;
  const times: number[] = [];
  for (let step = 1; step <= filling + timed; step++) {
    const { gradient } = optimizer;
    for (let at = 0; at < gradient.length; at++) gradient[at] = Math.sin(at * step);
    const begun = performance.now();
    optimizer.update(gradient, [{ name: 'made up', shape, values }], step);
    if (step > filling) times.push(performance.now() - begun);
  }
  return Math.min(...times);
}
