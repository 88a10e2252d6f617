/** Whether what is still to be done fits on the disk: checked before anything is fetched. */
import { statfsSync } from 'node:fs';
import { formatBytes } from '../protocol/format';
import type { RuntimePlan } from './pins';
import { RuntimeRefusal } from './refusal';
import type { Staging } from './staging';

/** For the files of the file system itself, the binding, and a little air. */
const spare = 100e6;

/** Bytes needed at the fullest moment: what is kept of every wheel, and the largest wheel beside it. */
export function neededBytes(plan: RuntimePlan, isDone: (step: string) => boolean, wheelsAreGiven: boolean): number {
  const wheels = plan.wheels.filter(({ file }) => !isDone(file));
  const kept = wheels.reduce((sum, { unpacked }) => sum + unpacked.bytes, 0);
  const largest = wheelsAreGiven ? 0 : Math.max(0, ...wheels.map(({ bytes }) => bytes));
  return kept + largest + (isDone('packages') ? 0 : plan.packagesPeakBytes) + spare;
}

export function checkSpace(home: string, plan: RuntimePlan, staging: Staging, wheelsAreGiven: boolean): void {
  const { bavail, bsize } = statfsSync(home);
  const free = bavail * bsize;
  const needed = neededBytes(plan, step => staging.isDone(step), wheelsAreGiven);
  if (free >= needed) return;
  throw new RuntimeRefusal('space', `${plan.name} needs ${formatBytes(needed)} in ${home}, where ${formatBytes(free)} are free.`, 'Make room, or name a folder on another disk in EFCP_RUNTIME_HOME.');
}
