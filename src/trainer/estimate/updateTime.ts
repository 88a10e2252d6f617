/**
 * Milliseconds of an update: that of the same optimizer for 512 x 512 made-up parameters, in proportion to their number. Absent where that
 * would say little: where the time grows faster than the parameters (two sides of matrices), where a window takes too many steps to be
 * full, and where parameters are stored packed or updated on the device.
 */
import { performance } from 'node:perf_hooks';
import { sizeOf, type Model } from '../../models/model';
import { createOptimizer } from '../../optimizers/optimizer';
import type { Settings } from '../../settings/knobs';
import { isPacked } from '../../settings/memoryTechniques';
import { optimizerSettingNames } from '../../settings/optimizerSettings';
import { sided, windowed } from '../../settings/optimizers';
import { hostCompute } from '../hostCompute';
import { remembered } from './weighRun';

const side = 512;
/** Steps until a window is full at most, and steps that are timed. */
const mostFilling = 16;
const timed = 3;

export async function measureUpdateTime(known: Map<string, Promise<number | undefined>>, settings: Settings, { parameters }: Model, assets: string): Promise<number | undefined> {
  if (!isMeasured(settings)) return undefined;
  const ms = await remembered(known, JSON.stringify([settings.optimizer, ...optimizerSettingNames.map(name => settings[name])]), () => Promise.resolve(measure(settings, assets)));
  const dimension = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return ms === undefined ? undefined : ms * dimension / side ** 2;
}

function isMeasured(settings: Settings): boolean {
  const { optimizer, placement, window } = settings;
  if (isPacked(settings) || placement === 'device') return false;
  if ((sided as readonly string[]).includes(optimizer) || optimizer === 'muon') return false;
  return !(windowed as readonly string[]).includes(optimizer) || window <= mostFilling;
}

function measure(settings: Settings, assets: string): number {
  const shape = [side, side];
  const optimizer = createOptimizer({ ...settings, groups: [], schedule: 'constant' }, [{ name: 'made up', shape }], { compute: hostCompute(assets) });
  const values = new Float32Array(side ** 2);
  const filling = (windowed as readonly string[]).includes(settings.optimizer) ? settings.window : 2;
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
