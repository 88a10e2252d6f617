/** The picture of a plan, as a file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { planChart } from '../exports/charts/planChart';
import { writeExport } from '../exports/exportFile';
import { paint } from '../exports/pictures/paint';
import { png } from '../exports/pictures/png';
import { svgScene } from '../exports/pictures/svgScene';
import type { Plan } from '../protocol/plan';
import { UsageError } from './usageError';

/** Pixels of the picture for one of its units. */
const scale = 2;

/** Before anything is weighed. */
export function refuseToDraw(target: string, mayOverwrite: boolean): void {
  if (!['.svg', '.png'].includes(path.extname(target))) throw new UsageError(`--picture is "${target}", but its name must end with .svg or .png. Write for example --picture plan.svg.`);
  if (existsSync(target) && !mayOverwrite) throw new UsageError(`--picture is "${target}", which is there already. Choose another name, or add --force.`);
}

/** What came of it, in words. */
export async function drawPlan(target: string, plan: Plan, name: string): Promise<string> {
  const scene = planChart(plan, name);
  if (scene === undefined) return 'efcp: no picture, since fewer than two combinations are worth one';
  await writeExport(target, [path.extname(target) === '.svg' ? svgScene(scene) : png(paint(scene, scale), scene.title)]);
  return `efcp: wrote ${target}`;
}
